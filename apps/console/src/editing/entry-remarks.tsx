import { createContext, useContext, type ReactNode } from 'react';
import { useSay } from '../locale/locale.tsx';
import type { Fault } from './faults.ts';

interface Remarks {
  faults: readonly Fault[];
  warnings: readonly Fault[];
}

const RemarksContext = createContext<Remarks>({ faults: [], warnings: [] });

/** Lets every entry within find what was said of its place. */
export function EntryRemarks({ faults, warnings, children }: Remarks & { children: ReactNode }) {
  return <RemarksContext value={{ faults, warnings }}>{children}</RemarksContext>;
}

/** What Spectrum's fields take to show what was said of a place, `help` where nothing was. */
export function useRemark(pointer: string, help?: ReactNode) {
  const say = useSay();
  const { faults, warnings } = useContext(RemarksContext);
  const told = (list: readonly Fault[]) => {
    const found = list.find((fault) => fault.pointer === pointer);
    return found?.say === undefined ? found?.text : say(found.say);
  };
  const fault = told(faults);
  return {
    isInvalid: fault !== undefined,
    errorMessage: fault,
    description: told(warnings) ?? help,
  };
}

/** Whether anything within a place needs mending. */
export function useHasFault(within: string): boolean {
  const { faults } = useContext(RemarksContext);
  return faults.some(({ pointer }) => pointer.startsWith(`${within}/`));
}
