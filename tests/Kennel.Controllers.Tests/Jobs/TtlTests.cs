using Kennel.Client.Running;
using Kennel.Controllers.TtlAfterFinished;
using Kennel.Objects.Batch;

namespace Kennel.Controllers.Tests.Jobs;

public sealed class TtlTests
{
    static readonly DateTimeOffset s_end = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    static Job Ended(int? seconds, string? type) => new()
    {
        Metadata = new() { Name = "j", Namespace = "default", Uid = "u" },
        Spec = new() { TtlSecondsAfterFinished = seconds },
        Status = new() { Conditions = type is null ? [] : [new() { Type = type, Status = "True", LastTransitionTime = s_end }] },
    };

    [Theory]
    [InlineData("Complete")]
    [InlineData("Failed")]
    public void A_job_goes_with_its_pods_when_its_time_is_up(string type)
    {
        Expire.Decide(Ended(100, type), s_end.AddSeconds(99)).At.ShouldBe(s_end.AddSeconds(100));
        var delete = Expire.Decide(Ended(100, type), s_end.AddSeconds(100)).Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Delete>();
        (delete.Key.Name, delete.Uid, delete.Propagation).ShouldBe(("j", "u", "Foreground"));
    }

    [Theory]
    [InlineData(null, "Complete")]
    [InlineData(0, null)]
    [InlineData(0, "FailureTarget")]
    public void One_without_a_time_or_an_end_stays(int? seconds, string? type) => Expire.Decide(Ended(seconds, type), s_end.AddYears(1)).ShouldBe(Decision.Nothing);
}
