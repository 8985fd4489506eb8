import { expect, test } from "vitest";

import { pageLinks } from "../../src/links.ts";

const URL = "https://api.example/things";

/** Returns the URLs of a Link header by their relation. */
function links(header: string): Record<string, string> {
  const found = header.matchAll(/<([^>]*)>; rel="(\w+)"/g);
  return Object.fromEntries(Array.from(found, ([, url, relation]) => [relation, url]));
}

test.each([
  [1, 0, { first: 1, last: 1 }],
  [1, 10, { first: 1, last: 1 }],
  [1, 11, { first: 1, last: 2, next: 2 }],
  [2, 25, { first: 1, last: 3, prev: 1, next: 3 }],
  [3, 25, { first: 1, last: 3, prev: 2 }],
  [9, 25, { first: 1, last: 3, prev: 3 }],
])("page %i of %i items links to the pages %j", (page, total, expected) => {
  const header = pageLinks(URL, { query: {} }, { page, pageSize: 10 }, total);
  expect(links(header)).toEqual(
    Object.fromEntries(
      Object.entries(expected).map(([relation, number]) => [
        relation,
        `${URL}?page=${number}&pageSize=10`,
      ]),
    ),
  );
});

test("filters are kept and cannot leave the URL", () => {
  const query = { q: 'a&b>"', page: "7" };
  const header = pageLinks(URL, { query }, { page: 1, pageSize: 10 }, 0);
  expect(links(header)["first"]).toBe(`${URL}?q=a%26b%3E%22&page=1&pageSize=10`);
});
