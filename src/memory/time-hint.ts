const HINT =
  /\b(?:nights?|yesterday|today|tonight|mornings?|afternoon|evenings?|days?|weeks?|months?|years?|ago|earlier|last|before|after|since|until|during|when|while|at the time of)\b/iu;

/** Whether a question may name a time ("last night", "before the fire"): cheap, and true too often. */
export function mayNameTime(question: string): boolean {
  return HINT.test(question);
}
