CREATE EXTENSION IF NOT EXISTS pg_trgm
--;
CREATE EXTENSION IF NOT EXISTS unaccent
--;
-- Without accents and case. Declared immutable so that indexes may use it: its dictionary is that of the extension, which
-- nobody changes while indexes exist.
DO $$
BEGIN
    EXECUTE format(
        'CREATE FUNCTION search_fold(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE '
        'RETURN lower(%1$I.unaccent(%2$L::regdictionary, words))',
        (SELECT nspname FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
         WHERE extname = 'unaccent'),
        (SELECT format('%I.unaccent', nspname) FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
         WHERE extname = 'unaccent')
    );
END
$$
