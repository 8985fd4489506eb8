/**
 * The least that Express and Drizzle need to do some SQL for a request.
 *
 * What a generated application is measured against: tables and queries as Drizzle's tutorial writes
 * them, a schema for the request, and the same SQL on the same database. No layers, no checks of who
 * asks, no errors. It runs in the generated repository's folder with its packages and knows no idea:
 * its argument is a JSON list of routes, `[{"method", "path", "body", "sql": [statement, ...]}, ...]`;
 * the tables come from the database. DATABASE_URL, HOST and PORT come from the environment.
 * docs/conformance.md says what the bare handler of another stack must do.
 */

import { randomBytes, randomUUID } from "node:crypto";
import { cpSync, mkdtempSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

// The packages are the repository's, not those beside this file.
const repository = createRequire(join(process.cwd(), "package.json"));
const load = (name) => import(pathToFileURL(repository.resolve(name)).href);

const { default: express } = await load("express");
const { pino } = await load("pino");
const { z } = await load("zod");
const { sql } = await load("drizzle-orm");
const columns = await load("drizzle-orm/pg-core");

async function open(url) {
  if (url.startsWith("pglite:")) {
    const { PGlite } = await load("@electric-sql/pglite");
    const { drizzle } = await load("drizzle-orm/pglite");
    // The application under test has the folder; only one process may.
    const folder = join(mkdtempSync(join(tmpdir(), "bare-")), "db");
    cpSync(url.slice("pglite:".length), folder, { recursive: true });
    return drizzle({ client: await PGlite.create(folder) });
  }
  const { default: pg } = await load("pg");
  const { drizzle } = await load("drizzle-orm/node-postgres");
  return drizzle({ client: new pg.Pool({ connectionString: url }) });
}

/**
 * Returns a function that makes a statement of Drizzle from SQL with named parameters. Texts and
 * numbers in the SQL become parameters, too, as Drizzle makes them of `eq(...)` and `limit(...)`.
 */
function statement(text) {
  // "::" is a cast.
  const parts = text.split(/('[^']*'|::|:[a-z][A-Za-z0-9_]*|\b[0-9]+\b)/);
  const literal = (part) => (part.startsWith("'") ? part.slice(1, -1) : Number(part));
  return (values) =>
    sql.join(
      parts.map((part) => {
        if (/^:[a-z]/.test(part)) return sql`${values[part.slice(1)]}`;
        return /^['0-9]/.test(part) ? sql`${literal(part)}` : sql.raw(part);
      }),
    );
}

const TYPES = {
  boolean: () => columns.boolean(),
  integer: () => columns.integer(),
  bigint: () => columns.bigint({ mode: "number" }),
  jsonb: () => columns.jsonb(),
  uuid: () => columns.uuid(),
  "timestamp with time zone": () => columns.timestamp({ withTimezone: true }),
};

/** Returns the tables of the database, by their names, as Drizzle's tutorial declares them. */
async function readTables(db) {
  const found = await db.execute(
    sql`SELECT table_name, column_name, data_type FROM information_schema.columns
        WHERE table_schema = 'public' ORDER BY ordinal_position`,
  );
  const tables = {};
  for (const { table_name, column_name, data_type } of found.rows) {
    (tables[table_name] ??= {})[column_name] = (TYPES[data_type] ?? columns.text)();
  }
  return Object.fromEntries(
    Object.entries(tables).map(([name, fields]) => [name, columns.pgTable(name, fields)]),
  );
}

/** Splits SQL where a pattern begins, but not in parentheses and quotes. */
function split(text, pattern) {
  const pieces = [""];
  let depth = 0;
  for (const [part] of text.matchAll(/'[^']*'|"[^"]*"|[()]|\w+(?: BY\b| CONFLICT\b)?|\s+|[^\w\s]/gs)) {
    if (part === "(") depth += 1;
    if (part === ")") depth -= 1;
    if (depth === 0 && pattern.test(part)) pieces.push(part);
    else pieces[pieces.length - 1] += part;
  }
  return pieces.map((piece) => piece.trim()).filter(Boolean);
}
/** Returns the values for parameters: new ones, and those of the body by their names. */
function valuesOf(body) {
  const values = {
    uuid: randomUUID(),
    now: new Date().toISOString(),
    token: randomBytes(8).toString("hex"),
  };
  const stack = [body];
  while (stack.length > 0) {
    for (const [name, value] of Object.entries(stack.pop() ?? {})) {
      if (value !== null && typeof value === "object") stack.push(value);
      else values[name] = value;
    }
  }
  return values;
}

/** Returns the clauses of a statement by their keywords. */
function clausesOf(text) {
  const keywords = /^(SELECT|FROM|JOIN|ON|WHERE|ORDER BY|LIMIT|INSERT|VALUES|ON CONFLICT|RETURNING)$/;
  const clauses = {};
  for (const piece of split(text, keywords)) {
    const [, keyword, rest] = /^((?:\w+(?: BY| CONFLICT)?)) ?(.*)$/s.exec(piece);
    clauses[keyword] = rest.trim();
  }
  return clauses;
}

const items = (list) => split(list, /^,$/).map((item) => item.replace(/^,\s*/, ""));

/** Returns the columns of a SELECT for Drizzle: nothing for `*`. */
function fieldsOf(list, table) {
  if (list === "*") return undefined;
  return Object.fromEntries(
    items(list).map((item) => {
      const [, expression, name] = /^(.*?)(?: AS (\w+))?$/s.exec(item);
      const column = /^(?:(\w+)\.)?(\w+)$/.exec(expression);
      const key = name ?? column?.[2] ?? "value";
      return [
        key,
        column ? tables[column[1] ?? table][column[2]] : sql.raw(expression).as(key),
      ];
    }),
  );
}

/** Returns a function that runs a statement with values, built as a person would with Drizzle. */
function runner(text) {
  const clauses = clausesOf(text);
  if (clauses.SELECT !== undefined) {
    const table = clauses.FROM;
    const fields = fieldsOf(clauses.SELECT, table);
    const [where, on] = [clauses.WHERE, clauses.ON].map((each) => each && statement(each));
    return (db, values) => {
      let query = db.select(fields).from(tables[table]);
      if (on) query = query.innerJoin(tables[clauses.JOIN], on(values));
      if (where) query = query.where(where(values));
      if (clauses["ORDER BY"]) query = query.orderBy(sql.raw(clauses["ORDER BY"]));
      return clauses.LIMIT ? query.limit(Number(clauses.LIMIT)) : query;
    };
  }
  const into = /^INTO (\w+) \((.*)\)$/s.exec(clauses.INSERT);
  if (!into || !clauses.VALUES) {
    return async (db, values) => (await db.execute(statement(text)(values))).rows;
  }
  const names = items(into[2]).map((name) => name.replaceAll('"', ""));
  const made = items(clauses.VALUES.slice(1, -1)).map(statement);
  return (db, values) => {
    const row = Object.fromEntries(names.map((name, at) => [name, made[at](values)]));
    const query = db.insert(tables[into[1]]).values(row);
    const fields = fieldsOf(clauses.RETURNING ?? "*", into[1]);
    return (clauses["ON CONFLICT"] ? query.onConflictDoNothing() : query).returning(fields);
  };
}

/** Returns the schema of bodies like the example. */
function schemaOf(example) {
  const fields = Object.entries(example ?? {}).map(([name, value]) => [
    name,
    typeof value === "object" ? schemaOf(value) : z[typeof value](),
  ]);
  return z.object(Object.fromEntries(fields));
}

const db = await open(process.env.DATABASE_URL);
const tables = await readTables(db);
const log = pino();
const app = express();

app.use((request, response, next) => {
  response.once("close", () => {
    log.info({ method: request.method, path: request.path, status: response.statusCode }, "request");
  });
  next();
});
app.use(express.json());
app.get("/ready", (_request, response) => response.json("ready"));

for (const { method, path, body, sql: lines } of JSON.parse(process.argv[2])) {
  const runners = lines.map(runner);
  const schema = schemaOf(body);
  app.route(path)[method.toLowerCase()](async (request, response) => {
    let answer;
    if (method === "GET") {
      for (const run of runners) answer = await run(db, valuesOf());
      response.json(answer);
      return;
    }
    const values = valuesOf(schema.parse(request.body));
    await db.transaction(async (transaction) => {
      for (const run of runners) answer = await run(transaction, values);
    });
    response.status(201).json(answer[0]);
  });
}

const server = app.listen(Number(process.env.PORT), process.env.HOST);
process.once("SIGTERM", () => {
  server.close();
  process.exit(0);
});
