import type { RequestContext } from '../http/context';
import { ArmError } from './arm-error';

/** Versions of Microsoft.Batch in management; what is served is the same for all. */
const VERSIONS: ReadonlySet<string> = new Set([
  '2017-09-01',
  '2018-12-01',
  '2019-04-01',
  '2019-08-01',
  '2020-03-01',
  '2020-05-01',
  '2020-09-01',
  '2021-01-01',
  '2021-06-01',
  '2022-01-01',
  '2022-06-01',
  '2022-10-01',
  '2023-05-01',
  '2023-11-01',
  '2024-02-01',
  '2024-07-01',
  '2025-06-01',
]);

/** Every management call names its version. */
export function checkArmVersion(request: RequestContext): void {
  const version = request.query.get('api-version');
  if (version === undefined) {
    throw new ArmError(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }
  if (!VERSIONS.has(version)) {
    throw new ArmError(
      400,
      'InvalidApiVersionParameter',
      `The api-version '${version}' is invalid. The supported versions are '${[...VERSIONS].join(',')}'.`,
    );
  }
}
