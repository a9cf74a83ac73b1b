import type { InstanceId } from '@landbridge/contracts';
import { z } from 'zod';

/**
 * What a person or a machine may do, each including the ones before it: `viewer` looks, `operator`
 * starts, stops and retries, `editor` configures, `admin` sets connections and instances.
 */
export const Role = z.enum(['viewer', 'operator', 'editor', 'admin']);
export type Role = z.infer<typeof Role>;

/** `*` stands for every instance. */
export const Grants = z.record(z.string(), Role);
export type Grants = z.infer<typeof Grants>;

/** Who sent a request, and what that one may do. */
export interface Principal {
  kind: 'person' | 'token';
  id: string;
  name: string;
  grants: Grants;
  /** When the proof of who it is ends; null: it does not. */
  expiresAt: Date | null;
}

/** The one administrator of an installation without an identity provider. */
export const LOCAL_ADMINISTRATOR = {
  id: 'local-administrator',
  name: 'Local administrator',
  grants: { '*': 'admin' },
} as const satisfies Omit<Principal, 'kind' | 'expiresAt'>;

const reaches = (granted: Role | undefined, wanted: Role): boolean =>
  granted !== undefined && Role.options.indexOf(granted) >= Role.options.indexOf(wanted);

/** Whether the grants reach `role` on `instance`; without an instance, on any of them. */
export function permits(grants: Grants, role: Role, instance: InstanceId | null): boolean {
  if (reaches(grants['*'], role)) return true;
  return instance === null
    ? Object.values(grants).some((granted) => reaches(granted, role))
    : reaches(grants[instance], role);
}
