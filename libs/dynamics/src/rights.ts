import type { CallOptions, Reply } from './client.ts';

/** What a security role grants on a table. `append`, `appendTo`: the two ends of setting a lookup. */
export const ACCESSES = ['read', 'create', 'write', 'append', 'appendTo'] as const;
export type Access = (typeof ACCESSES)[number];

/** Whose rows a right reaches; null: the right is not held. */
export type Reach = 'own' | 'some' | 'all' | null;

/** `privilege`: its name as a security role lists it, such as `prvReadContact`. */
export type HeldRight = { privilege: string; reach: Reach };

export type DynamicsRights = {
  /**
   * The rights of the signed-in user on a table, three requests, nothing written. An access is
   * absent where the table knows no privilege for it. Activities share theirs: `prvCreateActivity`.
   * Source  Dataverse Web API, RetrieveUserPrivileges; EntityMetadata, Privileges.
   */
  rightsOn(table: string, options?: CallOptions): Promise<Reply<Map<Access, HeldRight>>>;
};
