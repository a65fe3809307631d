import type { Client } from '@temporalio/client';
import { SEARCH_ATTRIBUTE_TYPES } from '@windrow/contract';

/** Numbers of Temporal's IndexedValueType. */
const VALUE_TYPE = { Keyword: 2, Int: 3 } as const;

/**
 * Adds the search attributes that the namespace lacks. Where this identity may not (Temporal Cloud manages them
 * elsewhere), says which ones a person has to add.
 */
export async function registerSearchAttributes(client: Client, namespace: string): Promise<void> {
  const operator = client.connection.operatorService;
  const { customAttributes } = await operator.listSearchAttributes({ namespace });
  const missing = Object.entries(SEARCH_ATTRIBUTE_TYPES).filter(([name]) => !(name in customAttributes));
  if (missing.length === 0) return;
  try {
    await operator.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map(([name, type]) => [name, VALUE_TYPE[type]])),
    });
  } catch (error) {
    const names = missing.map(([name, type]) => `${name} (${type})`).join(', ');
    throw new Error(
      `Temporal's namespace '${namespace}' lacks search attributes, and this worker may not add them. Add: ${names}.`,
      {
        cause: error,
      },
    );
  }
}
