/** Before each file of the fast lane: contracts run on memory and SQLite, everything else on memory. */
import { expect } from '@jest/globals';

// oxlint-disable-next-line jest/no-standalone-expect -- asks for the path of the test file
const isContract = expect.getState().testPath?.includes('/test/conformance/');
process.env['SALLYPORT_TEST_STORES'] = isContract ? 'memory,sqlite' : 'memory';
