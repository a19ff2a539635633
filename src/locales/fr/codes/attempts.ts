export const attempts = (left: number): string => (left === 1 ? 'encore 1 essai' : `encore ${left} essais`);
