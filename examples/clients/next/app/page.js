import { auth } from '../auth.js';

export default async function Page() {
  const session = await auth();
  return JSON.stringify(session?.user ?? null);
}
