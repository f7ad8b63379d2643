import { type APIMessageTopLevelComponent, ComponentType } from 'discord.js';
import { expect } from 'vitest';

/** Every component of a message, those inside others too. */
function allComponents(page: readonly APIMessageTopLevelComponent[]): readonly { type: number }[] {
  return page.flatMap((component): { type: number }[] => [
    component,
    ...('components' in component
      ? allComponents(component.components as readonly APIMessageTopLevelComponent[])
      : []),
  ]);
}

/** All text of a message, row by row. */
export function textOf(page: readonly APIMessageTopLevelComponent[]): string {
  return allComponents(page)
    .flatMap((component) => ('content' in component ? [String(component.content)] : []))
    .join('\n');
}

/** What stands on its buttons. */
export function labelsOf(page: readonly APIMessageTopLevelComponent[]): readonly string[] {
  return allComponents(page).flatMap((component) =>
    component.type === ComponentType.Button && 'label' in component ? [String(component.label)] : [],
  );
}

/** Fails where Discord would refuse the message. */
export function expectWithinLimits(page: readonly APIMessageTopLevelComponent[]): void {
  const all = allComponents(page);
  expect(all.length).toBeGreaterThan(0);
  expect(all.length).toBeLessThanOrEqual(40);
  const texts = all.flatMap((component) => ('content' in component ? [String(component.content)] : []));
  expect(texts.reduce((sum, text) => sum + text.length, 0)).toBeLessThanOrEqual(4000);
  for (const text of texts) expect(text.trim()).not.toBe('');
  const codes = all.flatMap((component) => ('custom_id' in component ? [String(component.custom_id)] : []));
  expect(new Set(codes).size).toBe(codes.length);
  for (const code of codes) expect(code.length).toBeLessThanOrEqual(100);
  for (const label of labelsOf(page)) {
    expect(label.length).toBeGreaterThan(0);
    expect(label.length).toBeLessThanOrEqual(80);
  }
  for (const component of all) {
    if (component.type !== ComponentType.ActionRow || !('components' in component)) continue;
    const { length } = component.components as readonly unknown[];
    expect(length).toBeGreaterThan(0);
    expect(length).toBeLessThanOrEqual(5);
  }
}
