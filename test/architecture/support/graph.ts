/** Finds circles and the longest chain in a graph of files or folders. */
export type Edge = readonly [from: string, to: string];

/** Targets by source. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** An edge from a node to itself is left out. */
export const graphOf = (edges: readonly Edge[]): Graph => {
  const graph = new Map<string, Set<string>>();
  for (const [from, to] of edges) {
    if (from === to) continue;
    graph.set(from, (graph.get(from) ?? new Set()).add(to));
  }
  return graph;
};

/** The shortest way from a node back to itself, with the node at both ends; undefined where there is no way. */
const wayBack = (graph: Graph, start: string): readonly string[] | undefined => {
  const previous = new Map<string, string>();
  const queue = [start];
  for (const node of queue) {
    for (const next of graph.get(node) ?? []) {
      if (next === start) {
        const way = [node, start];
        for (let at = node; at !== start;) {
          at = previous.get(at) ?? start;
          way.unshift(at);
        }
        return way;
      }
      if (previous.has(next)) continue;
      previous.set(next, node);
      queue.push(next);
    }
  }
  return undefined;
};

/** Circles: for each node in one, the shortest through it. The same circle is given once. */
export const circlesIn = (graph: Graph): readonly (readonly string[])[] => {
  const found = new Map<string, readonly string[]>();
  for (const node of [...graph.keys()].toSorted()) {
    const way = wayBack(graph, node);
    const key = way?.slice(1).toSorted().join(' ');
    if (way !== undefined && key !== undefined && !found.has(key)) found.set(key, way);
  }
  return [...found.values()];
};

const longer = (a: readonly string[], b: readonly string[]): readonly string[] => (b.length > a.length ? b : a);

/** The longest chain of nodes that import each other one after another. @throws Error for a graph with a circle. */
export const longestChain = (graph: Graph): readonly string[] => {
  const [circle] = circlesIn(graph);
  if (circle !== undefined) throw new Error(`A circle has no longest chain: ${circle.join(' → ')}`);
  const chains = new Map<string, readonly string[]>();
  const chainFrom = (node: string): readonly string[] => {
    const known = chains.get(node);
    if (known !== undefined) return known;
    const chain = [node, ...[...(graph.get(node) ?? [])].map(chainFrom).reduce(longer, [])];
    chains.set(node, chain);
    return chain;
  };
  return [...graph.keys()].map(chainFrom).reduce(longer, []);
};
