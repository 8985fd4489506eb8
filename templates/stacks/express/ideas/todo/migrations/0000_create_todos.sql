CREATE TABLE "todos" (
	"id" uuid PRIMARY KEY NOT NULL,
	"title" varchar(200) NOT NULL,
	"search_text" text NOT NULL,
	"completed" boolean NOT NULL,
	"order" integer,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "ix_todos_order_created_at_id" ON "todos" USING btree ("order","created_at","id");
