/** Starts the API, and calls it as the service. In reality these are two programs on two machines. */
import { startApi } from './api.mjs';
import { callApi } from './service.mjs';

const api = await startApi();
try {
  console.log(await callApi());
} finally {
  api.close();
}
