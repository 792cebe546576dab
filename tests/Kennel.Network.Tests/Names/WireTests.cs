using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Kennel.Network.Names.Wire;
using Record = Kennel.Network.Names.Wire.Record;

namespace Kennel.Network.Tests.Names;

public sealed class WireTests
{
    [Fact]
    public void Nothing_that_comes_in_throws() => Prop.ForAll<byte[]>(bytes =>
    {
        _ = Reader.ReadQuery(bytes);
        _ = Reader.ReadReply(bytes, 1);
        _ = Times.Of(bytes);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_question_with_flipped_bits_does_not_throw() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        var bytes = Question("web-0.web.shop.svc.cluster.local", RecordType.A, edns: true);
        for (var i = 0; i < 4; i++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        _ = Reader.ReadQuery(bytes.AsSpan(0, random.Next(bytes.Length + 1)));
        bytes[2] |= 0x80;
        _ = Reader.ReadReply(bytes, bytes[0] << 8 | bytes[1]);
        _ = Times.Of(bytes);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_name_that_points_to_itself_is_refused()
    {
        byte[] loop = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xC0, 12, 0, 1, 0, 1];
        Reader.ReadQuery(loop).ShouldBeNull();
    }

    [Fact]
    public void A_question_is_read_in_lower_case_and_echoed_as_it_came()
    {
        var query = Reader.ReadQuery(Question("WeB.Shop.SVC.cluster.local", RecordType.A)).ShouldNotBeNull();
        query.Question.ShouldBe(new("web.shop.svc.cluster.local", RecordType.A));
        var bytes = Writer.Write(query, Reply.Of(ResponseCode.NameError), udp: true);
        System.Text.Encoding.ASCII.GetString(bytes).ShouldContain("WeB");
        (bytes[3] & 15).ShouldBe(3);
    }

    [Fact]
    public void Addresses_and_aliases_come_out_as_they_went_in()
    {
        var query = Reader.ReadQuery(Question("a.example", RecordType.A))!;
        Record[] records = [new("a.example", new Data.Cname("b.example"), 5), new("b.example", new Data.Address(IPAddress.Parse("192.0.2.7")), 5), new("b.example", new Data.Address(IPAddress.Parse("2001:db8::7")), 5)];
        var read = Reader.ReadReply(Writer.Write(query, new(ResponseCode.NoError, [.. records], [], []), udp: true), query.Id).ShouldNotBeNull();
        read.Answers.ShouldBe(records);
    }

    [Theory]
    [InlineData(false, 512)]
    [InlineData(true, 1232)]
    public void An_answer_too_long_for_a_datagram_says_so_and_is_whole_over_tcp(bool edns, int most)
    {
        var query = Reader.ReadQuery(Question("a.example", RecordType.A, edns))!;
        var reply = new Reply(ResponseCode.NoError, [.. Enumerable.Range(0, 200).Select(i => new Record("a.example", new Data.Address(new IPAddress([10, 0, 0, (byte)i])), 5))], [], []);
        var bytes = Writer.Write(query, reply, udp: true);
        bytes.Length.ShouldBeLessThanOrEqualTo(most);
        (bytes[2] & 2).ShouldBe(2);
        // As many as there is room for: some resolvers never ask again.
        Reader.ReadReply(bytes, query.Id)!.Value.Answers.Length.ShouldBe((most - (edns ? 11 : 0) - 27) / 16);
        Reader.ReadReply(Writer.Write(query, reply, udp: false), query.Id)!.Value.Answers.Length.ShouldBe(200);
    }

    internal static byte[] Question(string name, RecordType type, bool edns = false)
    {
        var bytes = Writer.Ask(77, new(name, type)).ToList();
        if (!edns) return [.. bytes];
        bytes[11] = 1;
        bytes.AddRange([0, 0, 41, 0x10, 0, 0, 0, 0, 0, 0, 0]);
        return [.. bytes];
    }
}
