/** A whole Landbridge on this machine, for `npm start`, the stories and the browser tests. */
export { type Api, ApiRefused, connectApi } from './api.ts';
export { DataFolderInUse } from './data-folder.ts';
export { DEMO_INSTANCE, type DemoConnections, prepareDemo } from './demo.ts';
export {
  type Everything,
  type EverythingOptions,
  PortTaken,
  startEverything,
} from './everything.ts';
export { type Supervised } from './supervisor.ts';
export { type ServiceOptions, startService } from './services.ts';
