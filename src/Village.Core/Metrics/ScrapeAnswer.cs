using System.Text;

namespace Village.Metrics;

/// <summary>How a request for metrics is answered.</summary>
/// <param name="Status">The status of HTTP: 200, 400, 404, 405, 431 or 505.</param>
/// <param name="HasBody">Whether the answer's body is wanted: not after HEAD.</param>
/// <param name="Body">The body; null for the metrics.</param>
public sealed record ScrapeAnswer(int Status, bool HasBody, string? Body)
{
    /// <summary>The answer to the head of a request.</summary>
    /// <remarks><code>
    /// GET /metrics HTTP/1.1
    /// Host: 127.0.0.1:9090
    /// User-Agent: Prometheus/2.42.0
    /// Accept: application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1
    /// </code></remarks>
    public static ScrapeAnswer To(ReadOnlySpan<byte> head)
    {
        var lines = Encoding.Latin1.GetString(head).Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        if (lines[0].Split(' ') is not [{ Length: > 0 } method, var target, var version] || !version.StartsWith("HTTP/", StringComparison.Ordinal))
        {
            return Refusal(400, "That is no request of HTTP.");
        }

        if (version is not ("HTTP/1.1" or "HTTP/1.0"))
        {
            return Refusal(505, "Only HTTP/1.1 is spoken here.");
        }

        if (version is "HTTP/1.1" && !lines.Skip(1).Any(line => line.StartsWith("Host:", StringComparison.OrdinalIgnoreCase)))
        {
            return Refusal(400, "The request names no host.");
        }

        var isHead = method is "HEAD";
        return PathOf(target) is not "/metrics" ? Refusal(404, "The metrics are at /metrics.") with { HasBody = !isHead }
            : method is "GET" or "HEAD" ? new(200, !isHead, null)
            : Refusal(405, "Metrics can only be read.");
    }

    /// <summary>The answer to a head that does not end.</summary>
    public static ScrapeAnswer TooLong { get; } = Refusal(431, "The request is too long.");

    /// <summary>The answer when there are no metrics.</summary>
    public static ScrapeAnswer Unavailable(string why) => Refusal(503, why);

    /// <summary>The head of the answer, for a body of so many bytes.</summary>
    public byte[] Head(int length) => Encoding.Latin1.GetBytes(string.Join("\r\n",
    [
        $"HTTP/1.1 {Status} {Phrase(Status)}",
        $"Content-Type: {(Body is null ? PrometheusText.ContentType : "text/plain; charset=utf-8")}",
        $"Content-Length: {length}",
        .. Status is 405 ? ["Allow: GET, HEAD"] : Array.Empty<string>(),
        "Cache-Control: no-store",
        "Connection: close",
        "",
        "",
    ]));

    private static ScrapeAnswer Refusal(int status, string why) => new(status, HasBody: true, why + "\n");

    // A proxy asks for http://host/metrics; a scraper may add parameters.
    private static string PathOf(string target)
    {
        var path = target.Split('?', '#')[0];
        return path.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? path.IndexOf('/', 7) is > 0 and var at ? path[at..] : "/" : path;
    }

    private static string Phrase(int status) => status switch
    {
        200 => "OK",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        431 => "Request Header Fields Too Large",
        503 => "Service Unavailable",
        _ => "HTTP Version Not Supported",
    };
}
