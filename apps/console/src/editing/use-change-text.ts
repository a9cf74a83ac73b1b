import { useSay } from '../locale/locale.tsx';
import type { MessageId } from '../locale/message.ts';
import type { ValueChange } from './content.ts';
import { titleOf, VALUE_WORDS } from './field-words.ts';
import { pairOf } from './optout-pair.ts';

/** A change of a value in the catalogue's words; null where it has none for the place. */
export function useChangeText(): (change: ValueChangeLike) => string | null {
  const say = useSay();
  const word = (value: unknown): string => {
    if (typeof value === 'boolean') return say(value ? 'value.on' : 'value.off');
    if (typeof value === 'number') return String(value);
    if (typeof value !== 'string' || value === '') return say('value.none');
    const known: MessageId | undefined = VALUE_WORDS[value];
    return known === undefined ? value : say(known);
  };
  return ({ pointer, before, after }) => {
    const pair = pairOf(after) ?? pairOf(before);
    if (pair !== null)
      return say(after === undefined ? 'change.pairRemoved' : 'change.pairAdded', pair);
    const titles = titleOf(pointer);
    if (titles === null) return null;
    const what = titles.map((title) => say(title)).join(' · ');
    const isWhole = [before, after].some((value) => typeof value === 'object' && value !== null);
    return isWhole
      ? say('change.whole', { what })
      : say('change.value', { what, before: word(before), after: word(after) });
  };
}

type ValueChangeLike = Pick<ValueChange, 'pointer'> & { before?: unknown; after?: unknown };
