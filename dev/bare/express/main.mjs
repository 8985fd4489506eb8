/**
 * The least that Express and Drizzle need to do some SQL for a request.
 *
 * What a generated application is measured against: no layers, no checks, no errors, the same SQL on
 * the same database. It runs in the generated repository's folder with its packages and knows no
 * idea: its argument is a JSON list of routes, `[{"method", "path", "sql": [statement, ...]}, ...]`.
 * DATABASE_URL, HOST and PORT come from the environment. docs/conformance.md says what the bare
 * handler of another stack must do.
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
const { sql } = await load("drizzle-orm");

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

const db = await open(process.env.DATABASE_URL);
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

for (const { method, path, sql: lines } of JSON.parse(process.argv[2])) {
  const statements = lines.map(statement);
  app.route(path)[method.toLowerCase()](async (request, response) => {
    if (method === "GET") {
      let answer;
      for (const make of statements) answer = await db.execute(make(valuesOf()));
      response.json(answer.rows);
      return;
    }
    const values = valuesOf(request.body);
    await db.transaction(async (transaction) => {
      for (const make of statements) await transaction.execute(make(values));
    });
    response.status(201).json(request.body);
  });
}

const server = app.listen(Number(process.env.PORT), process.env.HOST);
process.once("SIGTERM", () => {
  server.close();
  process.exit(0);
});
