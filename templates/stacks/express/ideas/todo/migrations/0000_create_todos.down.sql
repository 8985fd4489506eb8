DROP TABLE "todos";
