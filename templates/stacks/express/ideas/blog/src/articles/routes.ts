/** The HTTP side of articles and tags. */

import { Router } from "express";

import { currentUser, viewerId } from "../auth/current-user.ts";
import type { Context } from "../context.ts";
import { baseUrl } from "../links.ts";
import { otherMethods } from "../middleware.ts";
import { parseBody, parseQuery } from "../requests.ts";
import { toHtml } from "./markdown.ts";
import { ArticleQuery, FeedQuery, NewArticleRequest, UpdateArticleRequest } from "./schemas.ts";
import * as service from "./service.ts";

export function articleRoutes(context: Context): Router {
  const { db, settings } = context;
  const router = Router({ strict: true, caseSensitive: true });

  router
    .route("/articles")
    .get(async (request, response) => {
      const viewer = await viewerId(request, context);
      response.json(await service.listArticles(db, parseQuery(request, ArticleQuery), viewer));
    })
    .post(async (request, response) => {
      const user = await currentUser(request, context);
      const body = parseBody(request, NewArticleRequest).article;
      const article = await service.createArticle(db, body, user.id);
      response
        .status(201)
        .location(`${baseUrl(request, settings)}/api/articles/${article.slug}`)
        .json({ article });
    })
    .all(otherMethods);

  // Before /articles/:slug, which would take "feed" for a slug.
  router
    .route("/articles/feed")
    .get(async (request, response) => {
      const user = await currentUser(request, context);
      response.json(await service.getFeed(db, parseQuery(request, FeedQuery), user.id));
    })
    .all(otherMethods);

  router
    .route("/articles/:slug")
    .get(async (request, response) => {
      const viewer = await viewerId(request, context);
      response.json({ article: await service.getArticle(db, request.params.slug, viewer) });
    })
    .put(async (request, response) => {
      const user = await currentUser(request, context);
      const changes = parseBody(request, UpdateArticleRequest).article;
      const article = await service.changeArticle(db, request.params.slug, changes, user.id);
      response.json({ article });
    })
    .delete(async (request, response) => {
      const user = await currentUser(request, context);
      await service.deleteArticle(db, request.params.slug, user.id);
      response.status(204).end();
    })
    .all(otherMethods);

  router
    .route("/articles/:slug/html")
    .get(async (request, response) => {
      const { body } = await service.findArticle(db, request.params.slug);
      response.type("html").send(toHtml(body));
    })
    .all(otherMethods);

  router
    .route("/tags")
    .get(async (_request, response) => {
      response.json({ tags: await service.listTags(db) });
    })
    .all(otherMethods);

  return router;
}
