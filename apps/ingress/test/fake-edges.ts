import type {
  Edge,
  EdgeEnd,
  GivenUpEdge,
  LinkedEdge,
  LinkEdges,
  PendingDeletion,
  WaitingEdge,
  WaitState,
} from '@landbridge/messaging';

type Stored = Edge & { state: WaitState; since: Date; sequence: number };

const nameOf = ({ parentTable, parentKey, childTable, childKey }: Edge) =>
  [parentTable, parentKey, childTable, childKey].join('/');
const isBelow = (edge: Edge, { table, key }: { table: string; key?: string }) =>
  edge.parentTable === table && (key === undefined || edge.parentKey === key);

/** The links between records without NATS; `step` comes before each look and each change. */
export class FakeEdges implements LinkEdges {
  readonly linked = new Map<string, LinkedEdge>();
  readonly waiting = new Map<string, Stored>();
  readonly givenUp = new Map<string, GivenUpEdge>();
  readonly deleting = new Map<string, EdgeEnd & { since: Date }>();
  step: () => Promise<void> = () => Promise.resolve();
  now: () => number = Date.now;
  #sequence = 0;

  link: LinkEdges['link'] = async (edge) => {
    await this.step();
    this.linked.set(nameOf(edge), { ...ends(edge), since: this.#since() });
  };

  unlink: LinkEdges['unlink'] = async (edge) => {
    await this.step();
    this.linked.delete(nameOf(edge));
  };

  wait: LinkEdges['wait'] = async (edge, state) => {
    await this.step();
    this.#sequence += 1;
    const stored = { ...ends(edge), state, since: this.#since(), sequence: this.#sequence };
    this.waiting.delete(nameOf(edge));
    this.waiting.set(nameOf(edge), stored);
  };

  stopWaiting: LinkEdges['stopWaiting'] = async (edge) => {
    await this.step();
    this.waiting.delete(nameOf(edge));
  };

  async *waitingFor(parent: Parameters<LinkEdges['waitingFor']>[0]): AsyncGenerator<WaitingEdge> {
    for (let after = parent.afterSequence ?? 0; ;) {
      await this.step();
      const next = [...this.waiting.values()].find(
        (edge) => edge.sequence > after && isBelow(edge, parent),
      );
      if (next === undefined) return;
      after = next.sequence;
      yield { ...next };
    }
  }

  async *linkedTo(parent: EdgeEnd): AsyncGenerator<LinkedEdge> {
    await this.step();
    for (const edge of [...this.linked.values()]) {
      if (isBelow(edge, parent)) yield edge;
    }
  }

  giveUp: LinkEdges['giveUp'] = async (edge, letters) => {
    await this.step();
    this.#sequence += 1;
    const stored = { ...ends(edge), since: this.#since(), letters: [...letters] };
    this.givenUp.delete(nameOf(edge));
    this.givenUp.set(nameOf(edge), { ...stored, sequence: this.#sequence });
  };

  takeBack: LinkEdges['takeBack'] = async (edge) => {
    await this.step();
    this.givenUp.delete(nameOf(edge));
  };

  async *givenUpTo(parent: Parameters<LinkEdges['givenUpTo']>[0]): AsyncGenerator<GivenUpEdge> {
    const { afterSequence = 0 } = parent;
    await this.step();
    for (const edge of [...this.givenUp.values()]) {
      if (isBelow(edge, parent) && edge.sequence > afterSequence) yield edge;
    }
  }

  async *givenUpBy({ table, key }: EdgeEnd): AsyncGenerator<GivenUpEdge> {
    await this.step();
    for (const edge of [...this.givenUp.values()]) {
      if (edge.childTable === table && edge.childKey === key) yield edge;
    }
  }

  isReferredTo: LinkEdges['isReferredTo'] = async (parent) => {
    await this.step();
    const all = [this.linked, this.waiting, this.givenUp].flatMap((edges) => [...edges.values()]);
    return all.some((edge) => isBelow(edge, parent));
  };

  markDeleting: LinkEdges['markDeleting'] = async ({ table, key }) => {
    await this.step();
    this.deleting.set(`${table}/${key}`, { table, key, since: this.#since() });
  };

  unmarkDeleting: LinkEdges['unmarkDeleting'] = async ({ table, key }) => {
    await this.step();
    this.deleting.delete(`${table}/${key}`);
  };

  async *deletions(table: string): AsyncGenerator<PendingDeletion> {
    await this.step();
    for (const deletion of [...this.deleting.values()]) {
      if (deletion.table === table) yield deletion;
    }
  }

  #since(): Date {
    return new Date(this.now());
  }
}

const ends = ({ parentTable, parentKey, childTable, childKey }: Edge): Edge => ({
  parentTable,
  parentKey,
  childTable,
  childKey,
});
