import { RunFailedError } from '@landbridge/pipeline';
import type { TableSchema } from '../schema/table-schema.ts';
import { dynamicsFailure } from '../schema/vendor-failures.ts';
import type { ReadGuard } from './table.reader.ts';

/**
 * Ends the run where time will not heal what Dynamics answered. When a column may be at fault, the
 * schema is looked at first, because it knows the column's name and the error may not.
 */
export function guardReads(schema: Pick<TableSchema, 'recheck' | 'mapping'>): ReadGuard {
  return async (read) => {
    try {
      return await read();
    } catch (error) {
      const failure = dynamicsFailure(error, schema.mapping.dynamicsTable);
      if (failure === null) throw error;
      const fault =
        failure.system === 'dynamics' && MAY_BE_SCHEMA.includes(failure.code)
          ? await schema.recheck()
          : null;
      throw new RunFailedError(fault ?? failure, { cause: error });
    }
  };
}

const MAY_BE_SCHEMA: readonly string[] = ['columnMissing', 'tableMissing', 'unexpected'];
