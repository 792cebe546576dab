namespace Kennel.Controllers.Tests.Model.Check;

/// <summary>The deciding about sets against an oracle, over many random lives. KENNEL_MODEL_SEED replays one; KENNEL_MODEL_LIVES says how many.</summary>
public sealed class ModelCheckTests
{
    [Fact]
    [Trait("Behaviour", "SS-1335")]
    [Trait("Behaviour", "SS-1336")]
    [Trait("Behaviour", "SS-1337")]
    [Trait("Behaviour", "SS-1339")]
    public void Every_decision_of_thousands_of_lives_is_the_oracles()
    {
        if (Number("KENNEL_MODEL_SEED") is { } seed) { History.Live(seed); return; }
        var lives = Number("KENNEL_MODEL_LIVES") ?? 2000;
        var decisions = Enumerable.Range(1, lives).Sum(History.Live);
        decisions.ShouldBeGreaterThan(lives * 10, "most of a life is deciding");
    }

    static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), out var n) ? n : null;
}
