DROP TABLE "comments";
--> statement-breakpoint
DROP TABLE "favorites";
--> statement-breakpoint
DROP TABLE "follows";
--> statement-breakpoint
DROP TABLE "article_tags";
--> statement-breakpoint
DROP TABLE "articles";
--> statement-breakpoint
DROP TABLE "users";
