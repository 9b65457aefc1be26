/** The lake's columns: the record in SQL. */
import { FIELDS, type Field } from '../generation/generation.ts';
import { fileList, literal } from './engine.ts';

const TYPES: Record<Field['kind'], string> = {
  string: 'VARCHAR',
  integer: 'BIGINT',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
  labels: 'STRUCT(path VARCHAR, confidence DOUBLE)[]',
};

export const sqlType = (field: Field): string => TYPES[field.kind];
/** A column's name, quoted where SQL would read a keyword. */
export const column = (field: Field): string => `"${field.column}"`;
export const COLUMN_LIST: string = FIELDS.map(column).join(', ');

/**
 * The records of Parquet files as a relation with every column: NULL where a file was written before the column existed.
 * @param options more arguments of `read_parquet`, whose columns come along
 */
export function lakeRelation(files: readonly string[], options: readonly string[] = []): string {
  const given = ['hive_partitioning = false', 'union_by_name = true', ...options].join(', ');
  const nothing = FIELDS.map((f) => `NULL::${sqlType(f)} AS ${column(f)}`).join(', ');
  return `(SELECT * FROM read_parquet(${fileList(files)}, ${given}) UNION ALL BY NAME SELECT ${nothing} WHERE false)`;
}

/** Reads records as the journal writes them (JSON lines with the fields' own names) as a relation of lake columns. */
export function journalRelation(files: readonly string[]): string {
  const types = FIELDS.map(
    (f) => `${literal(f.name)}: ${literal(f.kind === 'timestamp' ? 'BIGINT' : sqlType(f))}`,
  );
  const columns = FIELDS.map((f) =>
    f.kind === 'timestamp' ? `epoch_ms("${f.name}") AS ${column(f)}` : `"${f.name}" AS ${column(f)}`,
  );
  const list = `[${files.map(literal).join(', ')}]`;
  return `SELECT ${columns.join(', ')}, false AS reject
    FROM read_json(${list}, format = 'newline_delimited', columns = {${types.join(', ')}}, ignore_errors = true)
    WHERE id IS NOT NULL`;
}
