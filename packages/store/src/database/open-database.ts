import { mkdir } from 'node:fs/promises';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { reasonOf, StoreError } from '../store-error.ts';
import { migrations } from './migrations.ts';
import { sqlString } from './sql-text.ts';

export interface DatabaseConfig {
  /** File of the database; `:memory:` for one that is gone with the process. */
  readonly path: string;
  /** `archive`: no tables are wanted. */
  readonly purpose: 'write' | 'read' | 'archive';
  readonly memoryLimitBytes: number;
  readonly threads: number;
  /** Bytes of the write-ahead log above which it is merged into the file. */
  readonly checkpointBytes: number;
  /** Where queries that do not fit into the memory may put what is too much. */
  readonly temporaryDirectory: string;
  readonly maxTemporaryBytes: number;
  /** The only folder outside the database that SQL can reach. */
  readonly archiveDirectory: string;
}

/**
 * Opens the database, brings its schema up to date and locks its settings: from then on no SQL reaches files other
 * than the database's own and the archive's, loads an extension, or raises a limit.
 * @throws StoreError `STORE_OPEN_FAILED`.
 */
export async function openDatabase(config: DatabaseConfig): Promise<DuckDBInstance> {
  const { path, purpose } = config;
  let instance: DuckDBInstance | undefined;
  try {
    if (purpose === 'write') await mkdir(config.archiveDirectory, { recursive: true, mode: 0o700 });
    instance = await DuckDBInstance.create(path, {
      ...(purpose === 'read' ? { access_mode: 'READ_ONLY' } : {}),
      memory_limit: `${config.memoryLimitBytes}B`,
      threads: String(config.threads),
      checkpoint_threshold: `${config.checkpointBytes}B`,
      temp_directory: config.temporaryDirectory,
      max_temp_directory_size: `${config.maxTemporaryBytes}B`,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
    });
    const connection = await instance.connect();
    try {
      await connection.run("SET GLOBAL TimeZone = 'UTC'");
      if (purpose === 'write') await migrate(connection, path);
      await connection.run(`SET GLOBAL allowed_directories = [${sqlString(`${config.archiveDirectory}/`)}]`);
      await connection.run('SET GLOBAL enable_external_access = false');
      await connection.run('SET GLOBAL lock_configuration = true');
    } finally {
      connection.closeSync();
    }
    return instance;
  } catch (cause) {
    instance?.closeSync();
    if (cause instanceof StoreError) throw cause;
    const reason = reasonOf(cause);
    const hint = isLocked(reason)
      ? ': another process has it, most likely a running flowpact; ask that one, or stop it first'
      : `: ${reason}`;
    throw new StoreError('STORE_OPEN_FAILED', `cannot open the database ${path}${hint}`, { cause });
  }
}

/** DuckDB's words for a file that another process has opened. */
const isLocked = (reason: string): boolean => reason.includes('Could not set lock on file');

async function migrate(connection: DuckDBConnection, path: string): Promise<void> {
  await connection.run('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)');
  const rows = (await connection.runAndReadAll('SELECT max(version) FROM schema_version')).getRowsJS();
  const version = Number(rows[0][0] ?? 0);
  if (version > migrations.length) {
    throw new StoreError(
      'STORE_OPEN_FAILED',
      `${path} has tables of version ${version}, and this program knows up to ${migrations.length}: use the newer program that made it`,
    );
  }
  for (const [step, sql] of migrations.entries()) {
    if (step < version) continue;
    // One transaction a step: a crash leaves a whole version.
    await connection.run(`BEGIN; ${sql}; INSERT INTO schema_version VALUES (${step + 1}); COMMIT`);
  }
}
