using Village.Agents;

namespace Village.Core.Tests.Agents;

public sealed class UsageLimitsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1795402680);

    [Theory]
    [InlineData("Claude AI usage limit reached|1795406280", 3600)]
    [InlineData("You've hit your usage limit. Try again in 3 days 4 hours 5 minutes.", 273900)]
    [InlineData("You exceeded your current quota. Your quota will reset after 1h2m3s.", 3723)]
    [InlineData("Rate limit reached for requests. Please retry in 47.5s", 47.5)]
    [InlineData("usage limit: resets at 2026-11-23T12:58:00+10:00", 0)]
    [InlineData("Your quota will reset after 5h0m0s.", 18000)]
    [InlineData("usage limit: resets at 2026-11-23T04:58:00Z", 7200)]
    [InlineData("usage limit, try again in 1 hour and 30 minutes", 5400)]
    [InlineData("rate_limit: retry after 500ms", 0.5)]
    [InlineData("usage limit reached", 0)]
    [InlineData("usage limit reached|1", 0)]
    [InlineData("usage limit reached|9999999999", 0)]
    [InlineData("usage limit: try again in 99999999 days", 0)]
    public void A_limit_is_known_and_its_end_where_it_is_told(string message, double seconds)
    {
        var trouble = UsageLimits.Classify(message, status: null, Now);

        Assert.Equal(AgentTroubleKind.UsageLimit, trouble.Kind);
        Assert.Equal(seconds is 0 ? null : Now.AddSeconds(seconds), trouble.Until);
    }

    [Theory]
    [InlineData("scripted bad request", 400, AgentTroubleKind.Error)]
    [InlineData("the line limit of this file is 300", null, AgentTroubleKind.Error)]
    [InlineData("slow down", 429, AgentTroubleKind.UsageLimit)]
    [InlineData("Quota exceeded for metric", 403, AgentTroubleKind.UsageLimit)]
    public void Other_errors_are_none(string message, int? status, AgentTroubleKind kind) => Assert.Equal(kind, UsageLimits.Classify(message, status, Now).Kind);
}
