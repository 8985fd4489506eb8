/** Absolute URLs of the application's own resources, as clients see them. */

import type { Request } from "express";

import type { CommonSettings } from "./configuration.ts";

/**
 * Returns the address of the application without a slash at the end.
 *
 * It is PUBLIC_URL, or else scheme and host of the request. Behind a proxy the scheme comes from
 * the proxy's headers, when the proxy is trusted (FORWARDED_ALLOW_IPS).
 */
export function baseUrl(request: Request, settings: CommonSettings): string {
  return settings.PUBLIC_URL ?? `${request.protocol}://${request.get("host") ?? "localhost"}`;
}

/**
 * Returns a `Link` header (RFC 8288) with the pages around this one.
 *
 * @param url The list's absolute URL.
 * @param request What its query says beside page and page size is kept.
 */
export function pageLinks(
  url: string,
  request: Pick<Request, "query">,
  { page, pageSize }: { page: number; pageSize: number },
  total: number,
): string {
  const last = Math.max(1, Math.ceil(total / pageSize));
  const pages = {
    first: 1,
    last,
    ...(page > 1 && { prev: Math.min(page - 1, last) }),
    ...(page < last && { next: page + 1 }),
  };
  const given = request.query as Record<string, string>;
  return Object.entries(pages)
    .map(([relation, number]) => {
      const query = { ...given, page: String(number), pageSize: String(pageSize) };
      return `<${url}?${new URLSearchParams(query).toString()}>; rel="${relation}"`;
    })
    .join(", ");
}
