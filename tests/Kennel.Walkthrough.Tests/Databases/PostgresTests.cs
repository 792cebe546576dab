using Kennel.Walkthrough.Tests.Running;

namespace Kennel.Walkthrough.Tests.Databases;

/// <summary>PostgreSQL with streaming replication while its pods roll, die and are taken over, in the order in which it happens to it.</summary>
[TestCaseOrderer("Kennel.Walkthrough.Tests.Running.ByName", "Kennel.Walkthrough.Tests")]
public sealed class PostgresTests(PostgresCluster fixture) : IClassFixture<PostgresCluster>
{
    readonly Cluster _cluster = fixture.Cluster;
    readonly Writer _writer = new(fixture.Cluster, "postgres-writer");

    [Fact]
    public async Task A_Replicas_clone_their_predecessor_and_the_guide_is_true() => await fixture.Follow("PostgreSQL");

    [Fact]
    public async Task B_A_rolling_restart_under_load()
    {
        await _writer.GoesOn();
        await _cluster.Ok("rollout restart sts/postgres");
        await fixture.Rolled("postgres");
        await _writer.GoesOn();
    }

    [Fact]
    public async Task C_A_primary_that_is_killed_recovers_in_its_pod()
    {
        await Processes.Kill(_cluster, "postgres-0", "postgres");
        await _cluster.Ok("wait --for=jsonpath={.status.containerStatuses[0].restartCount}=1 pod/postgres-0 --timeout=60s");
        await _writer.GoesOn();
    }

    [Fact]
    public async Task D_Pods_that_are_deleted_come_back_with_their_data()
    {
        await _cluster.Ok("delete pod postgres-1 --wait=false");
        await _cluster.Ok("delete pod postgres-0 --force --grace-period=0");
        await fixture.Rolled("postgres");
        await _writer.GoesOn();
    }

    [Fact]
    public async Task E_An_agent_that_is_killed_in_a_roll_goes_on_with_it()
    {
        await fixture.KillAgentInRollOf("postgres", "postgres-2");
        await _writer.GoesOn();
    }

    [Fact]
    public async Task F_A_full_volume_stops_writes_and_nothing_else()
    {
        var filler = Path.Combine(fixture.Volume, "filler");
        (await Program.Run("dd", ["if=/dev/zero", $"of={filler}", "bs=64k"])).Errors.ShouldContain("No space left on device");
        (await _cluster.Kubectl(["exec", "postgres-0", "--", "psql", "-U", "postgres", "app", "-c", "create table filled as select generate_series(1, 1000000)"])).Errors
            .ShouldContain("No space left on device");
        (await _cluster.Ok("get nodes")).ShouldContain(" Ready ");
        (await Rows("postgres-1")).ShouldNotBeEmpty();
        File.Delete(filler);
        await fixture.Rolled("postgres");
        await _writer.GoesOn();
    }

    [Fact]
    public async Task G_Scaling_under_load_brings_replicas_that_have_everything()
    {
        await _cluster.Ok("scale sts/postgres --replicas=5");
        await fixture.Rolled("postgres");
        (await Rows("postgres-4")).ShouldNotBeEmpty();
        await _writer.GoesOn();
        await _cluster.Ok("scale sts/postgres --replicas=2");
        await _cluster.Ok("wait --for=delete pod/postgres-4 pod/postgres-3 pod/postgres-2 --timeout=60s");
    }

    [Fact]
    [Trait("Behaviour", "SS-1321")]
    public async Task H_After_a_stop_of_all_pods_the_last_one_has_what_the_first_one_took()
    {
        await _cluster.Ok("scale sts/postgres --replicas=3");
        await fixture.Rolled("postgres");
        await _writer.GoesOn();
        await _cluster.Ok("scale sts/postgres --replicas=0");
        await _cluster.Ok("wait --for=delete pod/postgres-2 pod/postgres-1 pod/postgres-0 --timeout=60s");
        await _cluster.Ok("scale sts/postgres --replicas=3");
        await fixture.Rolled("postgres");
        await _writer.GoesOn();
    }

    [Fact]
    [Trait("Behaviour", "SS-1321")]
    public async Task I_Nothing_that_was_acknowledged_is_lost()
    {
        var acknowledged = await _writer.Stop();
        acknowledged.Except(await Rows("postgres-0")).ShouldBeEmpty();
        foreach (var replica in (string[])["postgres-1", "postgres-2"])
        {
            await CaughtUp(replica);
            acknowledged.Except(await Rows(replica)).ShouldBeEmpty(replica);
        }
    }

    [Fact]
    public async Task J_A_clean_stop_leaves_nothing_on_the_machine()
    {
        (await Program.Run("umount", ["--lazy", fixture.Volume])).Succeeded();
        (await fixture.Stop()).ShouldBeEmpty();
    }

    async Task<SortedSet<long>> Rows(string pod) => Writer.Numbers((await Ask(pod, "select n from numbers")).Split('\n'));

    /// <summary>Until the replica has replayed what the primary has written by now.</summary>
    async Task CaughtUp(string replica)
    {
        var position = (await Ask("postgres-0", "select pg_current_wal_lsn()")).Trim();
        while ((await Ask(replica, $"select pg_last_wal_replay_lsn() >= '{position}'")).Trim() != "t") await Task.Delay(100);
    }

    Task<string> Ask(string pod, string query) => fixture.Ask(pod, "postgres", "psql", "-U", "postgres", "-d", "app", "-Atc", query);
}
