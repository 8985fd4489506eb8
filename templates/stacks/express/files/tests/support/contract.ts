/** docs/openapi.yaml as something that requests and answers can be held to. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { Response } from "supertest";
import { parse } from "yaml";

const METHODS = ["get", "put", "post", "delete", "patch"];
const FILE = new URL("../../docs/openapi.yaml", import.meta.url);
const ID = "openapi";

type Json = Record<string, unknown>;

/** A part of the document, and the keys that lead to it. */
interface Node {
  keys: string[];
  value: Json;
}

export interface Operation {
  method: string;
  path: string;
}

export class Contract {
  readonly operations: Operation[];
  private readonly document: Json;
  private readonly ajv = new Ajv2020({ strict: false });

  constructor(document: Json) {
    this.document = document;
    addFormats.default(this.ajv);
    this.ajv.addSchema(document, ID);
    this.operations = Object.entries(document["paths"] as Json).flatMap(([path, item]) =>
      Object.keys(item as Json)
        .filter((key) => METHODS.includes(key))
        .map((method) => ({ method, path })),
    );
  }

  static read(file = FILE): Contract {
    return new Contract(parse(readFileSync(file, "utf8")) as Json);
  }

  /** Fails when an answer of a documented operation, or a request that it took, is not as documented. */
  check(response: Response): void {
    const sent = response.request.toJSON() as {
      method: string;
      url: string;
      data?: unknown;
    };
    const operation = this.find(sent.method.toLowerCase(), new URL(sent.url).pathname);
    if (!operation) return;
    const at = ["paths", operation.path, operation.method];
    const where = `${operation.method} ${operation.path} ${response.status}`;

    const answer = this.node(...at, "responses", String(response.status));
    assert(answer, `${where} is not documented`);
    this.checkHeaders(answer, response, where);
    this.checkAnswer(answer, response, where);
    const schema = this.node(...at, "requestBody", "content", "application/json", "schema");
    if (schema && response.ok) this.validate(schema, asJson(sent.data), `${where}: the request`);
  }

  private checkHeaders(answer: Node, response: Response, where: string): void {
    const headers = this.node(...answer.keys, "headers");
    for (const name of Object.keys(headers?.value ?? {})) {
      const required = this.node(...answer.keys, "headers", name)?.value["required"] === true;
      assert(!required || name.toLowerCase() in response.headers, `${where} has no ${name}`);
    }
  }

  private checkAnswer(answer: Node, response: Response, where: string): void {
    const content = this.node(...answer.keys, "content");
    if (!content) {
      assert.equal(response.text, "", `${where} has a body`);
      return;
    }
    const schema = this.node(...content.keys, response.type, "schema");
    assert(schema, `${where} has the undocumented type ${response.type}`);
    const isJson = response.type.endsWith("json");
    this.validate(schema, isJson ? JSON.parse(response.text) : response.text, where);
  }

  private validate(schema: Node, value: unknown, where: string): void {
    const pointer = schema.keys.map((key) => key.replaceAll("~", "~0").replaceAll("/", "~1"));
    const check = this.ajv.getSchema(`${ID}#/${pointer.map(encodeURIComponent).join("/")}`);
    assert(check, `${where} has no schema`);
    assert(check(value), `${where}: ${this.ajv.errorsText(check.errors)}`);
  }

  private find(method: string, pathname: string): Operation | undefined {
    const path = this.pathOf(pathname);
    return this.operations.find((each) => each.method === method && each.path === path);
  }

  /** Returns the documented path that an address belongs to: one without parameters comes first. */
  private pathOf(pathname: string): string | undefined {
    const paths = this.operations.map(({ path }) => path);
    const matches = (path: string) =>
      new RegExp(`^${path.replaceAll(".", "\\.").replace(/\{\w+\}/g, "[^/]+")}$`).test(pathname);
    return paths.find((path) => path === pathname) ?? paths.find(matches);
  }

  /** Returns the part of the document that keys lead to, through references. */
  private node(...keys: string[]): Node | undefined {
    let node: Node = { keys: [], value: this.document };
    for (const key of keys) {
      const value = node.value[key] as Json | undefined;
      if (value === undefined) return undefined;
      node = { keys: [...node.keys, key], value };
      const reference = value["$ref"];
      if (typeof reference === "string") {
        const target = this.node(...reference.split("/").slice(1));
        assert(target, `${reference} leads nowhere`);
        node = target;
      }
    }
    return node;
  }
}

function asJson(data: unknown): unknown {
  return typeof data === "string" ? (JSON.parse(data) as unknown) : data;
}
