using Kennel.Objects.Tables;

namespace Kennel.Objects.Tests.Tables;

public sealed class DurationsTests
{
    [Theory, Trait("Behaviour", "SS-1005")]
    [InlineData(0, "0s")]
    [InlineData(66, "66s")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(536, "8m56s")]
    [InlineData(600, "10m")]
    [InlineData(4200, "70m")]
    [InlineData(10800, "3h")]
    [InlineData(11100, "3h5m")]
    [InlineData(28800, "8h")]
    [InlineData(172800, "2d")]
    [InlineData(176400, "2d1h")]
    [InlineData(691200, "8d")]
    [InlineData(63072000, "2y")]
    [InlineData(63158400, "2y1d")]
    [InlineData(252288000, "8y")]
    [InlineData(-1, "0s")]
    [InlineData(-5, "<invalid>")]
    public void Ages_read_as_kubectl_shows_them(int seconds, string text) => Durations.Text(TimeSpan.FromSeconds(seconds)).ShouldBe(text);

    [Fact, Trait("Behaviour", "SS-1005")]
    public void No_time_is_unknown() => Durations.Ago(null, DateTimeOffset.UnixEpoch).ShouldBe("<unknown>");
}
