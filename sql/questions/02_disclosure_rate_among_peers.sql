-- Where does each agency's disclosure rate stand among its peers, by both denominators?
-- Answers: share granted in full or in part of all handled, and of those answered in substance (granted, granted
-- in part, refused), each with its n, place and percentile among agencies of the same level, type and year.
-- Does not answer: whether an agency discloses more than it must; the mix of requests differs.
-- Caveats: only rates with an n of at least minimum_n are ranked; the percentile is the share of peers below.
-- Look at `scope`: a consolidated report may stand beside one that covers the body alone.
SELECT dim_agency.name, report_year, metric_code, value AS rate, n, place, peers, percentile, peer_rank.scope
FROM mart.peer_rank
INNER JOIN core.dim_agency USING (agency_id)
WHERE metric_code IN ('disclosure_rate', 'disclosure_rate_substantive') AND is_ranked
ORDER BY metric_code, report_year, peer_rank.admin_level, peer_rank.agency_type, place, name
