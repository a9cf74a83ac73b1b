import { getContainerRuntimeClient, type StartedTestContainer } from 'testcontainers';

/** What a person with the engine's command line can do to a container. */
export interface ContainerPower {
  /** kill -9 of its first process. */
  kill(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** Testcontainers knows only stop and restart; the engine beneath it knows more. */
export async function containerPower(started: StartedTestContainer): Promise<ContainerPower> {
  const client = await getContainerRuntimeClient();
  const container = client.container.getById(started.getId());
  return {
    kill: async () => {
      await container.kill({ signal: 'SIGKILL' });
      await container.wait();
    },
    start: async () => {
      await container.start();
    },
    remove: async () => {
      await container.remove({ force: true, v: true });
    },
  };
}
