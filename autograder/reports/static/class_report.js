// Draws the report's plots, whose numbers stand in the page as text too, and fills the table of students.
(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const style = { background: "transparent", color: "currentColor", fontSize: "13px", overflow: "visible" };

  function show(id, label, options) {
    const place = document.getElementById(id);
    if (!place) return;
    const width = Math.min(place.clientWidth || 700, 860);
    const drawn = Plot.plot({ ...options, width, style });
    const svgs = drawn.matches("svg") ? [drawn] : [...drawn.querySelectorAll(":scope > svg")];
    for (const svg of svgs) {
      svg.setAttribute("role", "img");
      svg.setAttribute("aria-label", label);
      for (const part of svg.querySelectorAll("g[aria-label]")) part.removeAttribute("aria-label");
    }
    place.replaceChildren(drawn);
  }

  // As many round numbers as fit, none of them half a student.
  const whole = (most) => d3.ticks(0, most, 8).filter(Number.isInteger);

  function draw() {
    const bar = colour("--bar");
    const step = Math.max(0.5, data.most / 30);
    show("plot-points", "How many students have how many points; the numbers are in the table of students", {
      height: 220, x: { label: "points", domain: [0, data.most + step] },
      y: { label: "students", grid: true, tickFormat: (n) => (Number.isInteger(n) ? n : "") },
      marks: [
        Plot.rectY(data.points, Plot.binX({ y: "count" }, { x: (d) => d, interval: step, fill: bar, inset: 0.5 })),
        Plot.ruleY([0]),
      ],
    });
    const looks = data.looks.filter((look) => data.statuses.some((one) => one.key === look.key));
    const exercises = [...new Set(data.statuses.map((one) => one.exercise))];
    const longest = Math.max(0, ...exercises.map((title) => title.length));
    show("plot-exercises", "How many students have each exercise right; the numbers are in the table below", {
      height: 40 + 34 * exercises.length, marginLeft: Math.min(30 + 6.5 * longest, window.innerWidth / 2),
      x: { label: "students" }, y: { label: null, domain: exercises },
      color: {
        legend: true, domain: looks.map((look) => look.words), range: looks.map((look) => colour("--s-" + look.key)),
      },
      marks: [Plot.barX(data.statuses, { x: "students", y: "exercise", fill: "status", order: looks.map((l) => l.words) })],
    });
    const titles = data.mistakes.map((one) => one.title);
    const beside = 30 + 6.5 * Math.max(0, ...titles.map((title) => title.length));
    const most = Math.max(0, ...data.mistakes.map((one) => one.students));
    // Where titles beside the bars would take half of the width, they stand above them.
    const above = beside > window.innerWidth / 2;
    const written = { x: 0, y: "title", text: "title", textAnchor: "start", lineAnchor: "bottom", dy: -9 };
    show("plot-mistakes", "The mistakes that most students have; each is explained below", {
      height: 60 + (above ? 46 : 24) * titles.length, marginLeft: above ? 4 : beside, marginRight: 30,
      x: { label: "students", grid: true, ticks: whole(most), tickFormat: "d" },
      y: { label: null, domain: titles, axis: above ? null : "left" },
      marks: [
        Plot.barX(data.mistakes, {
          x: "students", y: "title", fill: bar, insetTop: above ? 15 : 1, insetBottom: above ? 10 : 1,
        }),
        Plot.text(data.mistakes, {
          x: "students", y: "title", text: "students", textAnchor: "start", dx: 4, dy: above ? 3 : 0,
        }),
        above ? Plot.text(data.mistakes, written) : null,
      ],
    });
    show("plot-since", "The share of students who have each exercise right, before and now; numbers in the table below", {
      height: 50 + 30 * data.since.length, marginLeft: 140, marginRight: 40,
      x: { label: "all right, %", percent: true, domain: [0, 100], grid: true },
      y: { label: null, domain: data.since.map((one) => one.exercise) },
      marks: [
        Plot.arrow(data.since, { x1: "before", x2: "now", y: "exercise", stroke: bar, strokeWidth: 2, headLength: 7 }),
        Plot.dot(data.since, { x: "before", y: "exercise", stroke: bar, fill: colour("--paper"), r: 4 }),
      ],
    });
  }

  function table() {
    const students = document.getElementById("students");
    if (!students) return;
    const heads = [...students.tHead.rows[0].cells];
    const mistakes = heads.length - 1;
    const numbers = heads.flatMap((head, place) => (head.classList.contains("num") ? [place] : []));
    const part = (cell, type) => cell[type === "sort" || type === "type" ? 1 : 0];
    const shown = new DataTable(students, {
      pageLength: 25, lengthMenu: [25, 100, { label: "all", value: -1 }], autoWidth: false, order: [],
      data: data.students, deferRender: true,
      columnDefs: [{ targets: mistakes, visible: false }, { targets: numbers, className: "num", render: part }],
      language: { search: "Search:", lengthMenu: "_MENU_ a page", info: "_START_ to _END_ of _TOTAL_ students" },
    });
    const [which, look] = ["which-mistake", "which-look"].map((id) => document.getElementById(id));
    const exactly = (select) => (select.value ? "|" + select.value + "|" : "");
    which.addEventListener("change", () => shown.column(mistakes).search(exactly(which), { regex: false, smart: false }).draw());
    look.addEventListener("change", () => shown.column(mistakes - 1).search(look.value, { smart: false }).draw());
    window.addEventListener("beforeprint", () => shown.page.len(-1).draw());
    window.addEventListener("afterprint", () => shown.page.len(25).draw());
  }

  const opened = [];
  window.addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details.known:not([open])")) opened.push(part), (part.open = true);
  });
  window.addEventListener("afterprint", () => opened.splice(0).forEach((part) => (part.open = false)));

  draw();
  table();
  document.documentElement.classList.add("drawn");
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  let waiting;
  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    if (window.innerWidth === width) return;
    width = window.innerWidth;
    clearTimeout(waiting);
    waiting = setTimeout(draw, 150);
  });
})();
