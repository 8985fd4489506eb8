/** Markdown as HTML that a page can show without danger. */

import MarkdownIt from "markdown-it";
import rehypeParse from "rehype-parse";
import rehypeSanitize from "rehype-sanitize";
import rehypeStringify from "rehype-stringify";
import { unified } from "unified";

// HTML in Markdown is shown as text.
const markdown = new MarkdownIt("commonmark", { html: false }).enable("table");
markdown.renderer.rules["link_open"] = (tokens, index, options, _environment, renderer) => {
  tokens[index]?.attrSet("rel", "nofollow noopener noreferrer");
  return renderer.renderToken(tokens, index, options);
};

// What Markdown can say, and nothing else. The renderer makes only this as well; should it ever
// make more by mistake, the sanitiser takes it away.
const TEXT = "a blockquote br code em h1 h2 h3 h4 h5 h6 hr img li ol p pre strong ul";
const TABLES = "table tbody td th thead tr";
export const TAGS = `${TEXT} ${TABLES}`.split(" ");
export const ATTRIBUTES = {
  a: ["href", "rel", "title"],
  img: ["src", "alt", "title"],
  ol: ["start"],
};
export const PROTOCOLS = ["http", "https", "mailto"];

const sanitiser = unified()
  .use(rehypeParse, { fragment: true })
  .use(rehypeSanitize, {
    tagNames: TAGS,
    attributes: ATTRIBUTES,
    protocols: { href: PROTOCOLS, src: PROTOCOLS },
    strip: ["script", "style"],
  })
  .use(rehypeStringify)
  .freeze();

/** Returns a piece of HTML for a text in Markdown. */
export function toHtml(text: string): string {
  return String(sanitiser.processSync(markdown.render(text)));
}
