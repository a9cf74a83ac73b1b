import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import { fieldErrors, InvalidRequest, type Part } from './invalid-request.ts';
import { unfitValues } from './unfit-values.ts';

const isPart = (part: string | undefined): part is Part =>
  part === 'params' || part === 'querystring' || part === 'headers';

/** Checks each part of a request by its zod schema, and hands on what the schema made of it. */
export const zodValidator: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const part = isPart(httpPart) ? httpPart : 'body';
  return (data: unknown) => {
    const unfit = unfitValues(data);
    if (unfit.length > 0) return { error: new InvalidRequest(part, unfit) };
    const result = schema.safeParse(data);
    return result.success
      ? { value: result.data }
      : { error: new InvalidRequest(part, fieldErrors(result.error.issues, data)) };
  };
};
