/** Fills a store in a process of its own, so that the memory of the server that opens it afterwards is not affected. */
import { fillStore } from './product.ts';
import type { ProductSpec } from './server-spec.ts';

const fill = async (spec: ProductSpec): Promise<void> => {
  await fillStore(spec);
  process.send?.('filled');
};

process.once('message', (spec: ProductSpec) => void fill(spec));
