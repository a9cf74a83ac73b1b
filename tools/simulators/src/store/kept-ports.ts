import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Ports = z.strictObject({ port: z.int(), controlPort: z.int() });
const Kept = z.strictObject({
  dataverse: Ports,
  campaign: Ports.extend({ sftpPort: z.int().default(0) }),
});
export type KeptPorts = z.infer<typeof Kept>;

const fileIn = (directory: string): string => join(directory, 'ports.json');

/**
 * The ports of the last start: delta links are absolute, so a simulator that comes back on the same
 * data must come back at the same address. A port that was asked for goes first.
 */
export function keptPorts(directory: string | undefined, asked: KeptPorts): KeptPorts {
  if (directory === undefined || !existsSync(fileIn(directory))) return asked;
  const kept = Kept.parse(JSON.parse(readFileSync(fileIn(directory), 'utf8')));
  const choose = (mine: number, theirs: number): number => (mine === 0 ? theirs : mine);
  return {
    dataverse: {
      port: choose(asked.dataverse.port, kept.dataverse.port),
      controlPort: choose(asked.dataverse.controlPort, kept.dataverse.controlPort),
    },
    campaign: {
      port: choose(asked.campaign.port, kept.campaign.port),
      controlPort: choose(asked.campaign.controlPort, kept.campaign.controlPort),
      sftpPort: choose(asked.campaign.sftpPort, kept.campaign.sftpPort),
    },
  };
}

export function keepPorts(directory: string | undefined, ports: KeptPorts): void {
  if (directory === undefined) return;
  mkdirSync(directory, { recursive: true });
  writeFileSync(fileIn(directory), JSON.stringify(ports));
}
