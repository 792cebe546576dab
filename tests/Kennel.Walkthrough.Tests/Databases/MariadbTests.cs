using Kennel.Walkthrough.Tests.Running;

namespace Kennel.Walkthrough.Tests.Databases;

public sealed class MariadbCluster() : DatabaseCluster("mariadb");

/// <summary>Replicated MariaDB while its pods roll, die and are taken over, in the order in which it happens to it.</summary>
[TestCaseOrderer("Kennel.Walkthrough.Tests.Running.ByName", "Kennel.Walkthrough.Tests")]
public sealed class MariadbTests(MariadbCluster fixture) : IClassFixture<MariadbCluster>
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);
    static readonly TimeSpan s_again = TimeSpan.FromMilliseconds(300);

    readonly Cluster _cluster = fixture.Cluster;
    readonly Writer _writer = new(fixture.Cluster, "mariadb-writer");

    [Fact]
    public async Task A_Replicas_clone_their_predecessor_and_the_guide_is_true() => await fixture.Follow("MariaDB");

    [Fact]
    public async Task B_A_rolling_restart_under_load()
    {
        await _writer.GoesOn();
        await _cluster.Ok("rollout restart sts/mariadb");
        await fixture.Rolled("mariadb");
        await _writer.GoesOn();
    }

    [Fact]
    public async Task C_A_primary_that_is_killed_recovers_in_its_pod()
    {
        await Processes.Kill(_cluster, "mariadb-0", "mysql");
        await _writer.GoesOn();
    }

    [Fact]
    public async Task D_Pods_that_are_deleted_come_back_with_their_data()
    {
        await _cluster.Ok("delete pod mariadb-1 --wait=false");
        await _cluster.Ok("delete pod mariadb-0 --force --grace-period=0");
        await _writer.GoesOn();
        await fixture.Rolled("mariadb");
    }

    [Fact]
    public async Task E_An_agent_that_is_killed_in_a_roll_goes_on_with_it()
    {
        await fixture.KillAgentInRollOf("mariadb", "mariadb-2");
        await _writer.GoesOn();
    }

    [Fact]
    public async Task F_Scaling_under_load_clones_the_last_one()
    {
        await _cluster.Ok("scale sts/mariadb --replicas=4");
        await fixture.Rolled("mariadb");
        (await Rows("mariadb-3")).ShouldNotBeEmpty();
        await _writer.GoesOn();
        await _cluster.Ok("scale sts/mariadb --replicas=2");
        await _cluster.Ok("wait --for=delete pod/mariadb-3 pod/mariadb-2 --timeout=60s");
    }

    [Fact]
    public async Task G_Nothing_that_was_acknowledged_is_lost()
    {
        var acknowledged = await _writer.Stop();
        acknowledged.Except(await Rows("mariadb-0")).ShouldBeEmpty();
        using var late = new CancellationTokenSource(s_patience);
        while (acknowledged.Except(await Rows("mariadb-1")).Any()) await Task.Delay(s_again, late.Token); // a replica follows
    }

    [Fact]
    public async Task H_A_clean_stop_leaves_nothing_on_the_machine() => (await fixture.Stop()).ShouldBeEmpty();

    async Task<SortedSet<long>> Rows(string pod) =>
        Writer.Numbers((await fixture.Ask(pod, "mysql", "mariadb", "-h", "127.0.0.1", "-BNe", "select n from app.numbers")).Split('\n'));
}
