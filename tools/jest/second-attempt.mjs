/**
 * In CI a test of a real browser or of killed processes gets a second attempt, because it also depends on their timing. The first
 * failure is printed, and totals.mjs lists the test, so that it is mended and not forgotten (ADR 0051). All other tests get none.
 */
import { expect, jest } from '@jest/globals';

const { testPath = '' } = expect.getState();
if (process.env['CI'] === 'true' && /\/test\/(?:browser|faults)\//.test(testPath)) {
  jest.retryTimes(1, { logErrorsBeforeRetry: true });
}
