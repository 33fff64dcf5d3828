-- Which agency-years have a report, which are missing, which were late, and what is quarantined.
WITH published AS (
    SELECT
        agency_id,
        report_year,
        any_value(report_id) FILTER (WHERE is_current) AS report_id,
        any_value(document_id) FILTER (WHERE is_current) AS document_id,
        any_value(withdrawn_at) FILTER (WHERE is_current) AS withdrawn_at,
        min(published_on) AS first_published_on,
        count(*) AS versions,
        count(published_on) = count(*) AS all_dated
    FROM core.report
    GROUP BY agency_id, report_year
),

-- The rule report.late alone knows the date due; what it expected stands in its finding.
deadline AS (
    SELECT report.agency_id, report.report_year, any_value(CAST(finding.expected AS DATE)) AS due_on
    FROM quality.finding
    INNER JOIN core.report USING (report_id)
    WHERE finding.rule_code = 'report.late'
    GROUP BY report.agency_id, report.report_year
),

span AS (
    SELECT agency_id, min(report_year) AS first_year, max(report_year) AS last_year
    FROM published
    GROUP BY agency_id
),

-- The years after all that came before an agency: what is missing there is missing of the whole line.
line AS (
    SELECT dim_agency.successor AS agency_id, max(span.last_year) + 1 AS first_year
    FROM core.dim_agency
    INNER JOIN span USING (agency_id)
    WHERE dim_agency.successor IS NOT NULL
    GROUP BY dim_agency.successor
),

agency_year AS (
    SELECT
        span.agency_id,
        unnest(range(least(span.first_year, coalesce(line.first_year, span.first_year)), span.last_year + 1)) AS report_year
    FROM span
    LEFT JOIN line USING (agency_id)
),

judged AS (
    SELECT
        agency_year.*,
        dim_agency.* EXCLUDE (agency_id),
        published.* EXCLUDE (agency_id, report_year),
        deadline.due_on,
        -- A version without a date may have been the first: whether the year was late is then not known.
        CASE
            WHEN published.first_published_on > deadline.due_on AND published.all_dated THEN TRUE
            WHEN published.first_published_on > deadline.due_on OR dim_agency.agency_type = 'other' THEN NULL
            WHEN published.first_published_on IS NOT NULL AND dim_agency.agency_type IS NOT NULL THEN FALSE
        END AS is_late
    FROM agency_year
    INNER JOIN core.dim_agency USING (agency_id)
    LEFT JOIN published USING (agency_id, report_year)
    LEFT JOIN deadline USING (agency_id, report_year)
)

SELECT
    judged.*,
    judged.agency_id || '-' || judged.report_year AS coverage_id,
    CASE WHEN judged.report_id IS NULL THEN 'missing' ELSE 'published' END AS coverage_status,
    document.file_name,
    NULL AS reason,
    CASE WHEN judged.is_late THEN judged.first_published_on - judged.due_on END AS days_late
FROM judged
LEFT JOIN (SELECT document_id, file_name FROM raw.document) AS document USING (document_id)
UNION ALL BY NAME
SELECT document_id AS coverage_id, document_id, file_name, report_year, reason, 'quarantined' AS coverage_status
FROM raw.document
WHERE status = 'quarantined' AND withdrawn_at IS NULL
