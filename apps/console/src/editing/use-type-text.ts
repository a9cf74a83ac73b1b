import { useSay } from '../locale/locale.tsx';
import type { FieldChoice } from './field-choice.ts';

/** Writes a type with its length, where it has one. */
export function useTypeText(): (choice: Pick<FieldChoice, 'type' | 'lengthMax'>) => string {
  const say = useSay();
  return ({ type, lengthMax }) =>
    lengthMax === null ? say(type) : say('type.length', { type: say(type), length: lengthMax });
}
