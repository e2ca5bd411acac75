"""A connection as of a packet."""

from netviz.tcp.states import State


def test_states_as_of_each_packet(established):
    established >> ("client", "FIN,ACK") << "client FIN-WAIT-1, server CLOSE-WAIT"
    found = established.connection
    assert [found.state_at("client", packet) for packet in range(5)] == [
        State.CLOSED, State.SYN_SENT, State.ESTABLISHED, State.ESTABLISHED, State.FIN_WAIT_1,
    ]  # fmt: skip
    assert [found.state_at("server", packet) for packet in range(5)] == [
        State.LISTEN, State.SYN_RECEIVED, State.SYN_RECEIVED, State.ESTABLISHED, State.CLOSE_WAIT,
    ]  # fmt: skip
    assert found.states("server") == [State.SYN_RECEIVED, State.ESTABLISHED, State.CLOSE_WAIT]


def test_an_illegal_step_is_no_state_entered(established):
    established >> ("server", "SYN,ACK", {"seq": 900000}) << "server illegal SEND_SYN_ACK"
    assert established.connection.states("server") == [State.SYN_RECEIVED, State.ESTABLISHED]
    assert established.connection.transitions[-1].illegal


def test_roles_follow_the_syn_not_the_first_packet(talk):
    talk >> ("server", "SYN") << "client SYN-SENT"
    found = talk.connection
    assert found.client_side == 1 and found.client.port == 80
    assert found.role_of(1) == "client" and found.role_of(0) == "server"
