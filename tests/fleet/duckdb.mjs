// duckdb.mjs DATABASE <SQL: runs SQL in DuckDB by its package of npm, as the
// command `duckdb -list -noheader` does: a row a line, | between values.
// DUCKDB_MODULES is the folder node_modules that holds the package.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const load = createRequire(process.env.DUCKDB_MODULES + '/');
const { DuckDBInstance, StatementType } = load('@duckdb/node-api');

const instance = await DuckDBInstance.create(process.argv[2]);
const connection = await instance.connect();
const all = await connection.extractStatements(readFileSync(0, 'utf8'));

for (let i = 0; i < all.count; i++) {
	const statement = await all.prepare(i);
	const result = await statement.runAndReadAll();

	if (statement.statementType === StatementType.SELECT)
		for (const row of result.getRowsJson())
			console.log(row.map((v) => v ?? '').join('|'));
}
connection.closeSync();
