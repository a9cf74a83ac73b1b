/** The behaviour suites that every reader and every writer must pass; they need Jest around them. */
export { type ReaderCase, readerSuite } from './reader-suite.ts';
export { type WriterCase, writerSuite } from './writer-suite.ts';
