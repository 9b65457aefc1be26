/** Principal axes of vectors: the directions in which they differ most. */

export interface Axes {
  mean: Float64Array;
  /** Each of length 1, the one with the largest variance first. */
  directions: Float64Array[];
}

export function firstAxes(vectors: readonly ArrayLike<number>[], count: number): Axes {
  const size = vectors[0]?.length ?? 0;
  const mean = new Float64Array(size);
  for (const v of vectors)
    for (let i = 0; i < size; i++) mean[i] = (mean[i] ?? 0) + (v[i] ?? 0) / vectors.length;
  const covariance = Array.from({ length: size }, () => new Float64Array(size));
  const centred = new Float64Array(size);
  for (const v of vectors) {
    for (let i = 0; i < size; i++) centred[i] = (v[i] ?? 0) - (mean[i] ?? 0);
    for (const [i, row] of covariance.entries()) {
      const x = (centred[i] ?? 0) / vectors.length;
      for (let j = 0; j < size; j++) row[j] = (row[j] ?? 0) + x * (centred[j] ?? 0);
    }
  }
  return { mean, directions: eigenvectors(covariance).slice(0, count) };
}

export const onto = ({ mean, directions }: Axes, vector: ArrayLike<number>): number[] =>
  directions.map((d) => d.reduce((sum, x, i) => sum + x * ((vector[i] ?? 0) - (mean[i] ?? 0)), 0));

const SWEEPS = 12;

/** Of a symmetric matrix, by Jacobi's rotations, the largest eigenvalue first. The matrix is used up. */
function eigenvectors(a: Float64Array[]): Float64Array[] {
  const n = a.length;
  const v = a.map((_, i) => Float64Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));
  const at = (m: Float64Array[], i: number) => m[i] as Float64Array;
  const turn = (x: Float64Array, y: Float64Array, c: number, s: number) => {
    for (let k = 0; k < n; k++) {
      const [p, q] = [x[k] ?? 0, y[k] ?? 0];
      x[k] = c * p - s * q;
      y[k] = s * p + c * q;
    }
  };
  for (let sweep = 0; sweep < SWEEPS; sweep++)
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        const [ap, aq] = [at(a, p), at(a, q)];
        const off = ap[q] ?? 0;
        if (Math.abs(off) < 1e-14) continue;
        const theta = ((aq[q] ?? 0) - (ap[p] ?? 0)) / (2 * off);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        turn(ap, aq, c, t * c);
        for (const row of a) {
          const [x, y] = [row[p] ?? 0, row[q] ?? 0];
          row[p] = c * x - t * c * y;
          row[q] = t * c * x + c * y;
        }
        turn(at(v, p), at(v, q), c, t * c);
      }
  return v
    .map((direction, i) => ({ direction, value: at(a, i)[i] ?? 0 }))
    .sort((x, y) => y.value - x.value)
    .map(({ direction }) => direction);
}
