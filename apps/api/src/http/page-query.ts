import { Int, Text } from '../common/validation/fields';

export const DEFAULT_PAGE_SIZE = 100;

export class PageQuery {
  @Int({ description: 'Entries at most.', default: DEFAULT_PAGE_SIZE, example: 50 }, 1, 1000)
  pageSize?: number;

  @Text({ description: 'From the `nextLink` of the page before.' }, { max: 4096 })
  pageToken?: string;
}
